"""A coffee exporter in Kampala sells to a roaster in Hamburg. Each chapter says in a person's words
what happens, lets the members do it, and checks what came of it."""

import datetime
import subprocess
import time

from ledger import StoryError, check, equal
from papers import Papers, sha256

DAY_MS = 86_400_000
CREDIT = "harbour-bank/HB-2026-0417"
FORGOTTEN = "harbour-bank/HB-2026-0418"
ROASTER = "harbour-bank/roaster/USD"
EXPORTER = "nile-bank/exporter/USD"
CONTRACTS = ("deposit", "letter_of_credit", "consignment", "invoice_registry", "oracle_aggregator")


class Story:
    def __init__(self, network, say):
        self.network = network
        self.say = say
        member = network.member
        self.harbour_admin = member("harbour-bank.admin")
        self.harbour_maker = member("harbour-bank.maker")
        self.harbour_checker = member("harbour-bank.checker")
        self.nile_admin = member("nile-bank.admin")
        self.nile_maker = member("nile-bank.maker")
        self.nile_checker = member("nile-bank.checker")
        self.lake_maker = member("lake-bank.maker")
        self.lake_checker = member("lake-bank.checker")
        self.exporter = member("exporter.clerk")
        self.roaster = member("roaster.clerk")
        self.carrier = member("carrier.agent")
        self.customs = member("customs.officer")
        self.auditor = member("auditor.auditor")
        self.oracles = [member(f"oracle-{n}.reporter") for n in range(1, 6)]
        self.papers = None
        self.token_key = None

    def play(self):
        self.set_up()
        self.issue()
        self.ship()
        self.present_with_a_discrepancy()
        self.present_again_while_a_node_is_down()
        self.honour()
        self.let_the_other_credit_expire()
        self.offer_the_invoice_twice()
        self.measure_the_temperature()
        self.clear_customs()

    # -- chapters

    def set_up(self):
        self.say.chapter("The members and their contracts")
        modules = self.network.programs.parent / "contracts"
        for name in CONTRACTS:
            self.harbour_admin.run("contract", "deploy", modules / f"{name}.wasm", "--approvals", "2",
                                   "--approver", "harbour-bank", "--approver", "nile-bank")
            policy = self.nile_admin.view("contracts", "Get", name=name)["contract"]["policy"]
            equal(policy, {"approvals": 2, "organisations": ["harbour-bank", "nile-bank"]}, f"who decides on {name}")
        self.say(f"Harbour Bank deploys {len(CONTRACTS)} contracts; every later version needs Nile Bank's approval, too.")

        today = datetime.datetime.fromtimestamp(self.clock() / 1000, datetime.timezone.utc).date()
        self.papers = Papers(today, self.network.home / "papers")
        self.advance_to("BEGINS")
        self.harbour_checker.call("letter_of_credit", "SetCalendar", **self.papers.read("calendar.json"))
        self.harbour_checker.call("letter_of_credit", "AddHolidays", **self.papers.read("holidays.json"))
        for bank, holder in ((self.harbour_maker, "roaster"), (self.harbour_maker, "harbour-bank"),
                             (self.nile_maker, "exporter"), (self.nile_maker, "nile-bank")):
            bank.call("deposit", "OpenAccount", holder=holder, currency="USD")
        for bank in (self.harbour_checker, self.nile_checker):
            bank.call("deposit", "TrustContract", contract="letter_of_credit", trusted=True)
        self.nile_checker.call("deposit", "GrantLimit", debtor="harbour-bank", limit="USD:500000.00")
        self.harbour_maker.call("deposit", "Mint", account=ROASTER, amount="USD:250000.00", reference="opening balance")
        self.say("The roaster has USD 250,000.00 at Harbour Bank; the exporter's account at Nile Bank is empty.")

    def issue(self):
        self.say.chapter("A letter of credit")
        for file, credit in (("credit-1.json", CREDIT), ("credit-2.json", FORGOTTEN)):
            draft = self.harbour_maker.call("letter_of_credit", "DraftIssue", terms=self.papers.read(file),
                                            funding={"margin": 10_000})
            equal(draft["result"]["credit"], credit, "the draft's name")
            self.harbour_maker.refused("LetterOfCredit.PermissionRequired", "letter_of_credit", "Issue", credit=credit, draft_version=1)
            self.harbour_checker.call("letter_of_credit", "Issue", credit=credit, draft_version=1)
            self.nile_checker.call("letter_of_credit", "Advise", credit=credit, reference="ADV-117")
        equal(self.credit_state(CREDIT), "ADVISED", "the credit's state")
        terms = self.papers.read("credit-1.json")
        self.say("Harbour Bank's maker writes the terms from a file, its checker issues: the maker cannot do both.")
        self.say(f"{terms['amount'].replace(':', ' ')}, 5 % more or less, shipment by {terms['latest_shipment']}, "
                 f"expiry in Hamburg on {terms['expiry_date']}.")
        self.say("Nile Bank has authenticated the credit and advises it to the exporter.")

    def ship(self):
        self.say.chapter("The shipment")
        self.advance_to("SHIPPED")
        self.say("Eleven days pass: the development clock moves, the terms keep their real dates.")
        shipment = self.papers.read("consignment.json")
        reply = self.carrier.call("consignment", "Register", **shipment)
        self.consignment = reply["result"]["consignment"]
        now = self.clock()
        for kind, days_ago in (("GATE_IN", 2), ("LOADED_ON_BOARD", 0)):
            self.carrier.call("consignment", "AddMilestone", consignment=self.consignment, kind=kind, place="Mombasa",
                              at=now - days_ago * DAY_MS)
        self.bill_number = shipment["bill_of_lading"]
        self.say(f"The carrier takes container {shipment['containers'][0]['number']} on board in Mombasa")
        self.say(f"under bill of lading {self.bill_number}.")

    def present_with_a_discrepancy(self):
        self.say.chapter("Documents")
        self.advance_to("FIRST_PRESENTATION")
        papers = self.papers.read("presentation-1.json")
        for document in papers["documents"]:
            check(any(sha256(path) == document["sha256"] for path in self.papers.folder.iterdir() if path.is_file()),
                  f"the file of the {document['title']} is at hand")
        reply = self.exporter.call("letter_of_credit", "Present", **papers)["result"]
        self.refused_presentation = reply["presentation"]
        findings = sorted(finding["code"] for finding in reply["findings"])
        equal(findings, ["GOODS_DIFFER", "TOO_FEW_ORIGINALS"], "what the data tests find")
        self.say("The exporter presents invoice, bill of lading and certificate. Hashes and key data go on the ledger,")
        self.say("the files stay with the parties. The invoice lacks the crop year, one original of the bill is missing.")
        refusal = {"credit": CREDIT, "presentation": self.refused_presentation, "disposal": "HOLD_PRESENTER",
                   "adopt_findings": True}
        self.harbour_checker.call("letter_of_credit", "Refuse", **refusal)
        self.harbour_checker.refused("LetterOfCredit.NoticeAlreadyGiven", "letter_of_credit", "Refuse", **refusal)
        notice = self.presentation(self.refused_presentation)
        equal(notice["state"], "REFUSED", "the first presentation")
        equal(len(notice["refused_for"]), 2, "discrepancies in the notice")
        self.say("Harbour Bank refuses with one notice that lists every discrepancy. There is no second notice.")

    def present_again_while_a_node_is_down(self):
        self.say.chapter("A node dies, and nothing stops")
        self.advance_to("SECOND_PRESENTATION")
        self.network.before_story_kill()
        self.network.kill(2)
        self.say("Nile Bank's node is killed. The exporter's clerk reaches another one.")
        papers = self.papers.read("presentation-2.json")
        reply = self.exporter.call("letter_of_credit", "Present", **papers)["result"]
        self.second = reply["presentation"]
        equal(reply.get("findings", []), [], "what the data tests find in the corrected set")
        self.network.start(2)
        self.harbour_maker.call("letter_of_credit", "MarkComplying", credit=CREDIT, presentation=self.second)
        self.wait_until_together()
        self.say("The corrected set is found complying; the node is back and has caught up by itself.")

    def honour(self):
        self.say.chapter("Honour")
        claimed = 9_312_000
        equal(self.balance(ROASTER), 25_000_000, "the roaster's money before the honour")
        reply = self.harbour_checker.call("letter_of_credit", "Honour", credit=CREDIT, presentation=self.second)
        equal(int(reply["result"]["paid"]["minor_units"]), claimed, "what was paid")
        equal(self.balance(EXPORTER), claimed, "the exporter's money")
        equal(self.balance(ROASTER), 25_000_000 - claimed, "the roaster's money")
        self.harbour_checker.refused("LetterOfCredit.WrongState", "letter_of_credit", "Honour", credit=CREDIT, presentation=self.second)
        self.say("USD 93,120.00 leave the roaster's deposit in Hamburg and are the exporter's in Kampala, at once.")

    def let_the_other_credit_expire(self):
        self.say.chapter("The forgotten credit")
        before = self.transactions_of(FORGOTTEN)
        self.advance_to("SECOND_CREDIT_EXPIRES", days_more=1)
        self.eventually(lambda: self.credit_state(FORGOTTEN) == "EXPIRED", "the second credit expires by itself")
        equal(self.transactions_of(FORGOTTEN), before, "the transactions of the second credit")
        self.say("Nobody uses the second credit. It expires by itself: a ledger timer, no transaction.")

    def offer_the_invoice_twice(self):
        self.say.chapter("One invoice, two banks")
        self.token_key = self.papers.path("registry.key")
        self.network.run("invoice", "keygen", self.token_key)
        invoice = self.papers.path("invoice.xml")
        first = self.register(self.nile_maker, "NB-1", invoice)
        equal(first.get("flags", []), [], "flags at the first bank")
        self.nile_maker.call("invoice_registry", "Finance", reference="NB-1", share=8_000)
        self.say("The exporter has its invoice discounted by Nile Bank: registered, unique, 80 per cent financed.")
        second = self.register(self.lake_maker, "LB-1", invoice)
        equal([flag["colour"] for flag in second["flags"]], ["RED"], "flags for the same invoice")
        self.lake_maker.refused("InvoiceRegistry.DupFinancedElsewhere", "invoice_registry", "Finance", reference="LB-1", share=10_000)
        self.say("It offers the same invoice to Lake Bank. RED: the same invoice; financing is refused.")
        third = self.register(self.lake_maker, "LB-2", self.papers.path("invoice-changed-amount.xml"))
        flags = {flag["other"]: (flag["colour"], flag["reason"]) for flag in third["flags"]}
        equal(flags["nile-bank/NB-1"], ("AMBER", "NUMBER_REUSED"), "flag for the changed amount")
        self.lake_maker.refused("InvoiceRegistry.AmberOpen", "invoice_registry", "Finance", reference="LB-2", share=10_000)
        self.say("It tries again with another amount. AMBER: the number was used; two people must look at it first.")

    def measure_the_temperature(self):
        self.say.chapter("Five thermometers, one liar")
        rules = {"tolerated_liars": 1, "min_submissions": 3, "max_submissions": 5, "timeout_ms": 3_600_000,
                 "min_value": -400, "max_value": 9_999, "outlier_factor_permille": 3_500, "tolerance": 20}
        feed = {"feed": "container-temperature", "description": "Air in the container", "unit": "degree Celsius",
                "decimals": 1, "rules": rules, "oracles": [f"oracle-{n}" for n in range(1, 6)]}
        few = dict(feed, feed="container-door", oracles=feed["oracles"][:3], rules=dict(rules, max_submissions=3))
        self.harbour_checker.call("oracle_aggregator", "CreateFeed", **few)
        self.oracles[0].refused("OracleAggregator.TooFewOracles", "oracle_aggregator", "Submit",
                                feed=few["feed"], round=1, value=171)
        self.say("A round that bears one liar needs four oracles: with three it is refused. Five are registered.")
        self.harbour_checker.call("oracle_aggregator", "CreateFeed", **feed)
        # Tenths of a degree. The fourth lies, the fifth is silent.
        for oracle, value in zip(self.oracles, (171, 169, 170, 4_000)):
            oracle.call("oracle_aggregator", "Submit", feed=feed["feed"], round=1, value=value)
        answer = self.auditor.view("oracle_aggregator", "Read", feed=feed["feed"], max_age_ms=3_600_000)
        check("fresh" in answer, f"the answer is fresh: {answer}")
        value = int(answer["fresh"]["value"])
        check(169 <= value <= 171, f"the answer {value} lies in the honest range")
        self.say("Three say 17 degrees, one says 400, one is silent; the quorum is 3.")
        self.say(f"The answer is {value / 10:.1f} degrees: the liar moved nothing.")

    def clear_customs(self):
        self.say.chapter("Customs")
        found = self.customs.view("consignment", "FindByBillOfLading", bill_of_lading=self.bill_number)["consignments"]
        equal([item["consignment"] for item in found], [self.consignment], "what customs finds")
        self.customs.call("consignment", "ReleaseByCustoms", consignment=self.consignment, reference="26DE5551234567890M")
        view = self.customs.view("consignment", "GetConsignment", consignment=self.consignment)
        check(any(status["state"] == "CUSTOMS_RELEASED" for status in view["customs"]), "the goods are released")
        same = next(token for token in self.tokens(self.papers.path("invoice.xml")) if token["kind"] == "SAME")
        offered = self.customs.view("invoice_registry", "FindByToken", token=same)["found"]
        equal([entry["entry"] for entry in offered], ["lake-bank/LB-1", "nile-bank/NB-1"], "where the invoice was offered")
        self.say("From its own node, customs finds the shipment by its bill of lading and records the release.")
        self.say("From the invoice in the declaration it sees that two banks were offered the same one.")

    # -- what the audit needs

    def audit(self, bundle):
        """The credit's whole history, proven; written to a file that needs no network any more."""
        self.auditor.run("audit", "export", "letter_of_credit", CREDIT, "--out", bundle)
        return self.history(CREDIT)

    def verify(self, bundle, expect=0):
        genesis = self.network.home / "genesis.json"
        command = [str(self.network.programs / "usance-verify"), str(bundle), "--genesis", str(genesis)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if (done.returncode == 0) != (expect == 0):
            raise StoryError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    # -- small helpers

    def clock(self):
        """The ledger's time in milliseconds: the latest that a running node has."""
        return max(node["time_ms"] for node in self.network.status()["nodes"] if "time_ms" in node)

    def advance_to(self, day, days_more=0):
        ahead = self.papers.noon_ms(day) + days_more * DAY_MS - self.clock()
        if ahead > 0:
            self.network.advance_ms(ahead)

    def credit_state(self, credit):
        return self.auditor.view("letter_of_credit", "GetCredit", credit=credit)["credit"]["state"]

    def presentation(self, number):
        return self.auditor.view("letter_of_credit", "GetPresentation", credit=CREDIT, presentation=number)

    def balance(self, account):
        found = self.auditor.view("deposit", "GetAccount", account=account)
        return sum(int(found.get(part, {}).get("minor_units", 0)) for part in ("available", "held"))

    def transactions_of(self, credit):
        return sum(1 for action in self.history(credit)["actions"] if "organisation" in action)

    def history(self, credit):
        return self.auditor.run("audit", "history", "letter_of_credit", credit)

    def tokens(self, invoice):
        return self.network.run("invoice", "tokens", invoice, "--key", self.token_key, "--epoch", str(self.epoch()))["tokens"]

    def epoch(self):
        """The year whose tokens the register takes: the network's, whatever the wall says."""
        return self.auditor.view("invoice_registry", "GetEpochs")["current"]

    def register(self, bank, reference, invoice):
        commitment = sha256(invoice)
        bank_name = bank.profile.split(".")[0]
        self.exporter.call("invoice_registry", "GrantMandate", bank=bank_name, commitment=commitment)
        return bank.call("invoice_registry", "Register", reference=reference, client="exporter",
                         side="SELLER_RECEIVABLE", document_class=380, epoch=self.epoch(), commitment=commitment,
                         tokens=self.tokens(invoice))["result"]

    def eventually(self, condition, what, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition():
            check(time.monotonic() < deadline, what)
            time.sleep(0.2)

    def wait_until_together(self):
        """All nodes that run stand at one height with one state root; returns both."""
        heads = set()

        def together():
            heads.clear()
            running = [node for node in self.network.status()["nodes"] if node["running"]]
            heads.update((node.get("certified_height"), node.get("state_root")) for node in running)
            return len(heads) == 1 and None not in next(iter(heads))

        self.eventually(together, "the nodes come together")
        return next(iter(heads))
