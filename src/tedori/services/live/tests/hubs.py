"""A hub without a web server: commands are carried out at once, the notifier's rounds one by one."""

from tedori.engines.ngsild.contexts import CORE
from tedori.engines.ngsild.patching import append
from tedori.engines.ngsild.reading import read_entity, read_fragment
from tedori.engines.ngsild.subscriptions.documents import read_subscription
from tedori.kernel.organisations.values import Actor
from tedori.services.live.actions.delivery import books
from tedori.services.live.actions.delivery.lanes import clock
from tedori.services.live.actions.delivery.matching import Matcher, Roll, later
from tedori.services.live.actions.entities import Change, Create
from tedori.services.live.actions.subscriptions import Ground, Subscribe
from tedori.services.live.actions.tenants import Found
from tedori.services.live.actions.writing import write_group
from tedori.services.live.queries import subscriptions as queries
from tedori.services.live.queries.store import STORE

WRITES = frozenset({"live.write", "live.subscribe"})
CHIYODA, HACHIOJI = (
    Actor(token_id=one, organisation=code, scopes=WRITES) for one, code in ((1, "131016"), (2, "132012"))
)
ALLOWED = Ground(private=True, own="https://city.example")
NOWHERE = "http://127.0.0.1:9/notify"
URN = "urn:ngsi-ld:Shelter:1"


class Hub:
    """A hub without a web server: commands are carried out at once."""

    def __init__(self):
        self.session = STORE.session()
        self.tenant = self.do(Found(""))

    def do(self, *commands):
        outcomes = write_group(self.session, list(commands), clock)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome
        return outcomes[-1]

    def create(self, by=CHIYODA, urn=URN, kind="Shelter", **values):
        entity = read_entity({"id": urn, "type": kind} | values, CORE)
        self.do(Create(self.tenant, entity, by))

    def update(self, by=CHIYODA, urn=URN, **values):
        fragment = read_fragment(values, CORE)
        self.do(Change(self.tenant, urn, lambda was, at: append(was, fragment, overwrite=True, at=at), by))

    def subscribe(self, urn="urn:sub:1", by=CHIYODA, uri=NOWHERE, ground=ALLOWED, **members):
        plain = {"id": urn, "type": "Subscription", "entities": [{"type": "Shelter"}]}
        plain["notification"] = {"endpoint": {"uri": uri}} | members.pop("notification", {})
        document = read_subscription(plain | members, CORE, at=clock())
        self.do(Subscribe(self.tenant, document, {"q": None, "notify": None}, by, ground))

    def publish(self, level, kind="Shelter", owner=""):
        self.session.run(
            "INSERT INTO live_publication (tenant_id, name, owner, level, set_by, set_at) "
            "VALUES (?, ?, ?, ?, '', '')",
            (self.tenant, CORE.expand(kind), owner, level),
        )

    def matcher(self, holder="one"):
        books.take_lease(self.session, holder=holder, now=clock(), until=later(clock(), 60))
        return Matcher(self.session, roll=Roll(load=None, hub="test", trial=True), holder=holder)

    def record(self, urn="urn:sub:1"):
        return queries.owned(self.session, self.tenant, urn, owner=None).record
