-- Relations and distances of GeoJSON geometries by arithmetic, with the meaning of shapes.py. Run again at will.
-- Compiling such small statements costs a thousand times what they do, hence jit = off at the doors.
-- A geometry is its edges: a point is an edge of no length. Locations: 2 interior, 1 boundary, 0 exterior.

CREATE OR REPLACE FUNCTION ngsild_metres(x1 float8, y1 float8, x2 float8, y2 float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 2 * 6371008.8 * asin(least(1.0, sqrt(
        sin(radians(y2 - y1) / 2) ^ 2 + sin(radians(x2 - x1) / 2) ^ 2 * cos(radians(y1)) * cos(radians(y2))
    )))
$$;

CREATE OR REPLACE FUNCTION ngsild_dimension(geometry jsonb) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE geometry ->> 'type'
        WHEN 'Point' THEN 0 WHEN 'MultiPoint' THEN 0
        WHEN 'LineString' THEN 1 WHEN 'MultiLineString' THEN 1
        WHEN 'Polygon' THEN 2 WHEN 'MultiPolygon' THEN 2
    END
$$;

CREATE OR REPLACE FUNCTION ngsild_edges(geometry jsonb)
RETURNS TABLE (part bigint, x1 float8, y1 float8, x2 float8, y2 float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH given AS (SELECT geometry ->> 'type' AS type, geometry -> 'coordinates' AS held),
    parts AS (
        SELECT at, CASE WHEN type = 'MultiPoint' THEN jsonb_build_array(jsonb_build_array(one))
                        WHEN type IN ('LineString', 'MultiLineString') THEN jsonb_build_array(one)
                        WHEN type = 'Point' THEN jsonb_build_array(jsonb_build_array(one))
                        ELSE one END AS rings
        FROM given, jsonb_array_elements(
            CASE WHEN type LIKE 'Multi%' THEN held ELSE jsonb_build_array(held) END
        ) WITH ORDINALITY AS p (one, at)
    ),
    positions AS (
        SELECT parts.at AS part, ring.at AS ring, spot.at AS at,
               (spot.one ->> 0)::float8 AS x, (spot.one ->> 1)::float8 AS y
        FROM parts, jsonb_array_elements(rings) WITH ORDINALITY AS ring (one, at),
             jsonb_array_elements(ring.one) WITH ORDINALITY AS spot (one, at)
    ),
    pairs AS (
        SELECT part, x, y, lead(x) OVER line AS nx, lead(y) OVER line AS ny, row_number() OVER line AS at
        FROM positions WINDOW line AS (PARTITION BY part, ring ORDER BY at)
    )
    SELECT part, x, y, coalesce(nx, x), coalesce(ny, y) FROM pairs WHERE nx IS NOT NULL OR at = 1
$$;

DO $$
BEGIN
    IF to_regtype('ngsild_shape') IS NULL THEN
        CREATE TYPE ngsild_shape AS (dim int, part bigint[], x1 float8[], y1 float8[], x2 float8[], y2 float8[]);
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION ngsild_shape_of(geometry jsonb) RETURNS ngsild_shape
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ROW(ngsild_dimension(geometry), array_agg(part), array_agg(x1), array_agg(y1), array_agg(x2), array_agg(y2))::ngsild_shape
    FROM ngsild_edges(geometry)
$$;

-- Where a position lies; `slack` in degrees forgives the rounding of computed positions on edges.
CREATE OR REPLACE FUNCTION ngsild_locate(px float8, py float8, g ngsild_shape, slack float8) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN NOT bool_or(
            px BETWEEN least(x1, x2) - slack AND greatest(x1, x2) + slack
            AND py BETWEEN least(y1, y2) - slack AND greatest(y1, y2) + slack
            AND abs((x2 - x1) * (py - y1) - (y2 - y1) * (px - x1)) <= slack * (abs(x2 - x1) + abs(y2 - y1))
        ) THEN CASE WHEN g.dim = 2 AND sum(CASE WHEN (y1 > py) <> (y2 > py)
                AND px < x1 + (py - y1) * (x2 - x1) / (y2 - y1) THEN 1 ELSE 0 END) % 2 = 1 THEN 2 ELSE 0 END
        WHEN g.dim = 2 THEN 1
        WHEN g.dim = 1 AND sum((x1 = px AND y1 = py)::int + (x2 = px AND y2 = py)::int) % 2 = 1 THEN 1
        ELSE 2
    END
    FROM unnest(g.x1, g.y1, g.x2, g.y2) AS edge (x1, y1, x2, y2)
$$;

-- The same for a position of the index table and a reference bound as the ends of its edges, planned once.
CREATE OR REPLACE FUNCTION ngsild_lies(
    px float8, py float8, dim int, ax float8[], ay float8[], bx float8[], by float8[]
) RETURNS int
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN ngsild_locate(px, py, ROW(dim, NULL, ax, ay, bx, by)::ngsild_shape, 0);
END
$$;

-- Middles of the pieces into which the edges of `b` cut the edges of `a`.
CREATE OR REPLACE FUNCTION ngsild_pieces(a ngsild_shape, b ngsild_shape) RETURNS TABLE (x float8, y float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH edges AS (
        SELECT n, x1, y1, x2 - x1 AS dx, y2 - y1 AS dy
        FROM unnest(a.x1, a.y1, a.x2, a.y2) WITH ORDINALITY AS e (x1, y1, x2, y2, n)
    ),
    pairs AS (
        SELECT n, dx, dy, o.x1 - e.x1 AS ox, o.y1 - e.y1 AS oy, o.x2 - o.x1 AS ex, o.y2 - o.y1 AS ey,
               dx * (o.y2 - o.y1) - dy * (o.x2 - o.x1) AS turn
        FROM edges AS e, unnest(b.x1, b.y1, b.x2, b.y2) AS o (x1, y1, x2, y2)
        WHERE dx <> 0 OR dy <> 0
    ),
    cuts AS (
        SELECT n, 0.0::float8 AS t FROM edges
        UNION SELECT n, 1.0 FROM edges
        UNION SELECT n, (ox * ey - oy * ex) / turn FROM pairs WHERE abs(turn) > 1e-300
        UNION SELECT n, (ox * dx + oy * dy) / (dx * dx + dy * dy) FROM pairs
        UNION SELECT n, ((ox + ex) * dx + (oy + ey) * dy) / (dx * dx + dy * dy) FROM pairs
    ),
    spans AS (
        SELECT n, t, lead(t) OVER (PARTITION BY n ORDER BY t) AS till FROM cuts WHERE t BETWEEN 0 AND 1
    )
    SELECT x1 + dx * (t + till) / 2, y1 + dy * (t + till) / 2
    FROM spans JOIN edges USING (n) WHERE till - t > 1e-11 AND (dx <> 0 OR dy <> 0)
$$;

-- A position within each part of an area.
CREATE OR REPLACE FUNCTION ngsild_insides(g ngsild_shape) RETURNS TABLE (x float8, y float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH edges AS (SELECT * FROM unnest(g.part, g.x1, g.y1, g.x2, g.y2) AS e (part, x1, y1, x2, y2)),
    levels AS (
        SELECT part, y1, dense_rank() OVER (PARTITION BY part ORDER BY y1) AS at FROM edges
    ),
    heights AS (SELECT part, (min(y1) + max(y1)) / 2 AS y FROM levels WHERE at <= 2 GROUP BY part),
    crossings AS (
        SELECT part, y, x1 + (y - y1) * (x2 - x1) / (y2 - y1) AS x FROM edges JOIN heights USING (part)
        WHERE (y1 > y) <> (y2 > y)
    ),
    ranked AS (SELECT *, row_number() OVER (PARTITION BY part ORDER BY x) AS at FROM crossings)
    SELECT avg(x), min(y) FROM ranked WHERE at <= 2 GROUP BY part
$$;

CREATE OR REPLACE FUNCTION ngsild_meet(a ngsild_shape, b ngsild_shape) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT EXISTS (
        SELECT 1
        FROM unnest(a.x1, a.y1, a.x2, a.y2) AS p (x1, y1, x2, y2), unnest(b.x1, b.y1, b.x2, b.y2) AS q (x1, y1, x2, y2),
        LATERAL (SELECT
            sign((p.x2 - p.x1) * (q.y1 - p.y1) - (p.y2 - p.y1) * (q.x1 - p.x1)) AS s1,
            sign((p.x2 - p.x1) * (q.y2 - p.y1) - (p.y2 - p.y1) * (q.x2 - p.x1)) AS s2,
            sign((q.x2 - q.x1) * (p.y1 - q.y1) - (q.y2 - q.y1) * (p.x1 - q.x1)) AS s3,
            sign((q.x2 - q.x1) * (p.y2 - q.y1) - (q.y2 - q.y1) * (p.x2 - q.x1)) AS s4) AS turn
        WHERE least(p.x1, p.x2) <= greatest(q.x1, q.x2) AND least(q.x1, q.x2) <= greatest(p.x1, p.x2)
          AND least(p.y1, p.y2) <= greatest(q.y1, q.y2) AND least(q.y1, q.y2) <= greatest(p.y1, p.y2)
          AND s1 * s2 <= 0 AND s3 * s4 <= 0
    )
    OR (b.dim = 2 AND EXISTS (SELECT 1 FROM unnest(a.x1, a.y1) AS v (x, y) WHERE ngsild_locate(x, y, b, 0) > 0))
    OR (a.dim = 2 AND EXISTS (SELECT 1 FROM unnest(b.x1, b.y1) AS v (x, y) WHERE ngsild_locate(x, y, a, 0) > 0))
$$;

-- Whether no position of `a` lies outside of `b`.
CREATE OR REPLACE FUNCTION ngsild_covered(a ngsild_shape, b ngsild_shape) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF a.dim > b.dim OR EXISTS (
        SELECT 1 FROM unnest(a.x1 || a.x2, a.y1 || a.y2) AS v (x, y) WHERE ngsild_locate(x, y, b, 0) = 0
    ) THEN
        RETURN false;
    END IF;
    IF a.dim = 0 THEN
        RETURN true;
    END IF;
    IF EXISTS (SELECT 1 FROM ngsild_pieces(a, b) AS m WHERE ngsild_locate(x, y, b, 1e-11) = 0) THEN
        RETURN false;
    END IF;
    RETURN a.dim = 1 OR NOT (
        EXISTS (SELECT 1 FROM ngsild_insides(a) AS i WHERE ngsild_locate(x, y, b, 0) = 0)
        OR EXISTS (SELECT 1 FROM ngsild_pieces(b, a) AS m WHERE ngsild_locate(x, y, a, 1e-11) = 2)
    );
END
$$;

-- Whether the insides of two shapes share anything; both of one dimension, or `a` covered by `b`.
CREATE OR REPLACE FUNCTION ngsild_share(a ngsild_shape, b ngsild_shape) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    wanted int := CASE WHEN b.dim = 2 THEN 2 ELSE 1 END;
BEGIN
    IF a.dim = 0 THEN
        RETURN EXISTS (SELECT 1 FROM unnest(a.x1, a.y1) AS v (x, y) WHERE ngsild_locate(x, y, b, 0) = 2);
    END IF;
    IF EXISTS (SELECT 1 FROM ngsild_pieces(a, b) AS m WHERE ngsild_locate(x, y, b, 1e-11) >= wanted) THEN
        RETURN true;
    END IF;
    RETURN a.dim = 2 AND (
        EXISTS (SELECT 1 FROM ngsild_pieces(b, a) AS m WHERE ngsild_locate(x, y, a, 1e-11) = 2)
        OR EXISTS (SELECT 1 FROM ngsild_insides(a) AS i WHERE ngsild_locate(x, y, b, 0) = 2)
    );
END
$$;

CREATE OR REPLACE FUNCTION ngsild_nearest(a ngsild_shape, b ngsild_shape) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT min(ngsild_metres(v.x, v.y, x1 + share * (x2 - x1), y1 + share * (y2 - y1)))
    FROM unnest(a.x1 || a.x2, a.y1 || a.y2) AS v (x, y), unnest(b.x1, b.y1, b.x2, b.y2) AS e (x1, y1, x2, y2),
    LATERAL (SELECT cos(radians(v.y)) AS squeeze) AS s,
    LATERAL (SELECT (x1 - v.x - 360.0 * floor((x1 - v.x + 180.0) / 360.0)) * squeeze AS ux, y1 - v.y AS uy,
                    (x2 - x1) * squeeze AS vx, y2 - y1 AS vy) AS d,
    LATERAL (SELECT CASE WHEN vx * vx + vy * vy = 0 THEN 0.0
                         ELSE least(1.0, greatest(0.0, -(ux * vx + uy * vy) / (vx * vx + vy * vy))) END AS share) AS t
$$;

CREATE OR REPLACE FUNCTION ngsild_apart(a ngsild_shape, b ngsild_shape) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN ngsild_meet(a, b) THEN 0.0 ELSE least(ngsild_nearest(a, b), ngsild_nearest(b, a)) END
$$;

CREATE OR REPLACE FUNCTION ngsild_distance(geometry text, reference text) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET jit = off AS $$
    SELECT ngsild_apart(ngsild_shape_of(geometry::jsonb), ngsild_shape_of(reference::jsonb))
$$;

CREATE OR REPLACE FUNCTION ngsild_geo(relation text, geometry text, reference text, distance float8) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET jit = off AS $$
DECLARE
    a ngsild_shape := ngsild_shape_of(geometry::jsonb);
    b ngsild_shape := ngsild_shape_of(reference::jsonb);
BEGIN
    IF a.dim IS NULL OR b.dim IS NULL THEN
        RETURN false;
    END IF;
    RETURN CASE relation
        WHEN 'near' THEN ngsild_apart(a, b) <= distance
        WHEN 'far' THEN ngsild_apart(a, b) > distance
        WHEN 'intersects' THEN ngsild_meet(a, b)
        WHEN 'disjoint' THEN NOT ngsild_meet(a, b)
        WHEN 'within' THEN ngsild_covered(a, b) AND ngsild_share(a, b)
        WHEN 'contains' THEN ngsild_covered(b, a) AND ngsild_share(b, a)
        WHEN 'equals' THEN a.dim = b.dim AND ngsild_covered(a, b) AND ngsild_covered(b, a)
        WHEN 'overlaps' THEN a.dim = b.dim AND ngsild_share(a, b)
            AND NOT ngsild_covered(a, b) AND NOT ngsild_covered(b, a)
    END;
END
$$;
