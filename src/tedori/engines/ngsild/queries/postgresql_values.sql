-- Values of stored documents as rows, with the meaning of scalars.py. Run again at will.

CREATE OR REPLACE FUNCTION ngsild_instant(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN length(given) > 35 THEN NULL
        WHEN given ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN 'D' || given
        WHEN given ~ ('^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T'
                      '([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)([.,][0-9]{1,9})?Z$')
            THEN left(given, 19) || '.' || rpad(substr(rtrim(given, 'Z'), 21), 6, '0') || 'Z'
        WHEN given ~ '^([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)([.,][0-9]{1,9})?Z$'
            THEN 'T' || left(given, 8) || '.' || rpad(substr(rtrim(given, 'Z'), 10), 6, '0') || 'Z'
    END
$$;

CREATE OR REPLACE FUNCTION ngsild_scalars(given jsonb, letter text)
RETURNS TABLE (kind text, number float8, text text, instant text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT
        CASE jsonb_typeof(one.part)
            WHEN 'boolean' THEN 'b'
            WHEN 'number' THEN 'n'
            WHEN 'string' THEN CASE WHEN letter = 's' AND ngsild_instant(one.plain) IS NOT NULL THEN 't' ELSE letter END
            ELSE 'o'
        END,
        CASE WHEN jsonb_typeof(one.part) = 'number' THEN one.plain::float8 END,
        CASE WHEN jsonb_typeof(one.part) IN ('string', 'boolean') THEN one.plain END,
        CASE WHEN letter = 's' AND jsonb_typeof(one.part) = 'string' THEN ngsild_instant(one.plain) END
    FROM (
        SELECT inner_part AS part, inner_part #>> '{}' AS plain
        FROM jsonb_array_elements(
            CASE
                WHEN jsonb_typeof(given) <> 'array' THEN jsonb_build_array(given)
                WHEN given = '[]' THEN '[null]'
                ELSE given
            END
        ) AS element,
        LATERAL (SELECT CASE WHEN element ? '@value' AND jsonb_typeof(element) = 'object'
                             THEN element -> '@value' ELSE element END) AS unwrapped (inner_part)
    ) AS one
$$;

CREATE OR REPLACE FUNCTION ngsild_rows(held jsonb, member text, trail jsonb)
RETURNS TABLE (kind text, number float8, text text, instant text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    given jsonb := held -> coalesce(member, 'value');
    keys jsonb;
    key text;
BEGIN
    IF member IS NOT NULL THEN
        IF given IS NOT NULL AND given NOT IN ('null', '[]', '""') THEN
            RETURN QUERY SELECT * FROM ngsild_scalars(given, 's');
        END IF;
        RETURN;
    END IF;
    IF held ->> 'kind' = 'LanguageProperty' THEN
        IF jsonb_array_length(trail) < 2 AND jsonb_typeof(given) = 'object' THEN
            RETURN QUERY
                SELECT CASE WHEN jsonb_typeof(one) = 'string' THEN 'l' ELSE 'o' END, NULL::float8,
                       CASE WHEN jsonb_typeof(one) = 'string' THEN one #>> '{}' END, NULL::text
                FROM jsonb_each(given) AS texts (lang, said),
                     jsonb_array_elements(CASE jsonb_typeof(said) WHEN 'array' THEN said ELSE jsonb_build_array(said) END) AS one
                WHERE trail = '[]' OR trail -> 0 ? lang OR trail -> 0 ? '*';
        END IF;
        IF NOT FOUND AND trail = '[]' THEN
            RETURN QUERY SELECT 'o'::text, NULL::float8, NULL::text, NULL::text;
        END IF;
        RETURN;
    END IF;
    FOR keys IN SELECT value FROM jsonb_array_elements(trail) LOOP
        SELECT known INTO key FROM jsonb_array_elements_text(keys) AS known
        WHERE jsonb_typeof(given) = 'object' AND given ? known LIMIT 1;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        given := given -> key;
    END LOOP;
    RETURN QUERY SELECT * FROM ngsild_scalars(
        coalesce(given, 'null'),
        CASE WHEN held ->> 'kind' IN ('Relationship', 'ListRelationship') THEN 'u'
             WHEN held ->> 'kind' = 'VocabProperty' THEN 'v' ELSE 's' END
    );
END
$$;

CREATE OR REPLACE FUNCTION ngsild_values(doc jsonb, path jsonb)
RETURNS TABLE (instance bigint, kind text, number float8, text text, instant text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET jit = off AS $$
DECLARE
    level jsonb;
    name text;
    step int := 0;
BEGIN
    level := CASE WHEN path -> 0 = '[]' THEN jsonb_build_array(doc) ELSE doc -> 'attributes' -> (path -> 0 ->> 0) END;
    FOR name IN SELECT value FROM jsonb_array_elements_text(path -> 0) LOOP
        step := step + 1;
        CONTINUE WHEN step = 1;
        SELECT jsonb_agg(sub) INTO level
        FROM jsonb_array_elements(coalesce(level, '[]')) AS one,
             jsonb_array_elements(coalesce(one -> 'subs' -> name, '[]')) AS sub;
    END LOOP;
    RETURN QUERY
        SELECT held.at, row.*
        FROM jsonb_array_elements(coalesce(level, '[]')) WITH ORDINALITY AS held (one, at),
             LATERAL ngsild_rows(held.one, path ->> 1, path -> 2) AS row;
END
$$;
