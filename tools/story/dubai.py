#!/usr/bin/python3
"""Mangoes from India to Dubai, their juice to Spain, on four real nodes and an auditor's follower.

    dubai.py --programs build/release/bin [--quiet]

Two instruments stand side by side and each keeps to its own rules: a letter of credit, where
documents decide (UCP 600 Art. 5), and conditional payment undertakings, where thermometers decide.
Five oracles report what five devices have signed; one device lies, one is silent, one was out of
reach for a while. On the way to Dubai it becomes too warm, on the way to Spain it does not.

The development network's members play the parts: harbour-bank the bank in Dubai, nile-bank the one in
India, lake-bank the one in Spain, roaster the juice maker, exporter the grower.
"""

import argparse
import concurrent.futures
import datetime
import json
import pathlib
import shutil
import sys
import tempfile

from ledger import Network, StoryError, check, equal
from papers import sha256
from play import Teller
from story import DAY_MS, Story

HOUR_MS = 3_600_000
CREDIT = "harbour-bank/MANGO-26"
BONUS = "harbour-bank/COLD-MANGO-26"
JUICE = "lake-bank/COLD-JUICE-26"
MAKER = "harbour-bank/roaster/USD"
GROWER = "nile-bank/exporter/USD"
SPAIN = "lake-bank/lake-bank/USD"
FEED = "BLUU4026176/warmest"
UNIT = "degree Celsius"
CONTRACTS = ("deposit", "letter_of_credit", "consignment", "oracle_aggregator", "payment_undertaking", "envelopes")
# What the two banks ask for their money is between them; no contract computes with it.
PRICE_TERMS = b"confirmation fee 1.375 per cent p.a., discount at SOFR plus 285 basis points"
FEES = "FEES-MANGO-26"
# What customs knows of the declaration, and how far from others' prices it finds conspicuous.
CASE = "AE-2026-0117"
DECLARED = {"currency": "USD", "declared": {"value": "41000.00", "basis": "FOB"}, "freight": "6200.00", "insurance": "400.00",
            "quantity": 12_000, "net_weight_grams": 12_000_000, "transport_weight_grams": 12_050_000, "origin": "IN",
            "certificate_origin": "IN", "shipment_events": 3, "financed": {"value": "80000.00", "basis": "CIF"}}
THRESHOLD = "34567"


def instant_text(at_ms):
    at = datetime.datetime.fromtimestamp(at_ms / 1000, datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at_ms % 1000:03}Z"


class Key:
    """An Ed25519 key outside the ledger: a device's, or a manufacturer's."""

    def __init__(self, network, path):
        self.path = path
        self.public = network.run("keys", "generate", path)["public_key"]


class Device:
    def __init__(self, network, number, folder):
        self.network = network
        self.serial = f"RF-{number}"
        self.key = Key(network, folder / f"{self.serial}.key")
        self.counter = folder / f"{self.serial}.counter"

    def certificate(self, works, until_ms):
        """The arguments of RegisterDevice, but for the feed."""
        return self.network.run("oracle", "certify-device", "--key", works.path, "--manufacturer", "carrier",
                                "--serial", self.serial, "--model", "Reefer 9", "--device-key", self.key.public,
                                "--until", instant_text(until_ms))["request"]

    def read(self, value, at_ms):
        """A signed reading, in tenths of a degree."""
        return self.network.run("oracle", "sign-reading", "--key", self.key.path, "--serial", self.serial,
                                "--counter-file", self.counter, f"--value={value / 10}", "--decimals", 1,
                                "--measured", instant_text(at_ms), "--latitude", "18.95",
                                "--longitude", "72.95")["request"]


class DubaiStory(Story):
    def play(self):
        self.set_up()
        self.certify_devices()
        self.promise()
        self.ship_the_fruit()
        self.measure_the_fruit()
        self.present_and_honour()
        self.look_into_the_value()
        self.let_the_bonus_go_back()
        self.ship_the_juice()
        self.measure_the_juice()

    # -- chapters

    def set_up(self):
        self.say.chapter("The members and their contracts")
        self.inspector = self.network.member("inspector.clerk")
        self.folder = self.network.home / "papers"
        self.folder.mkdir()
        modules = self.network.programs.parent / "contracts"
        for name in CONTRACTS:
            self.harbour_admin.run("contract", "deploy", modules / f"{name}.wasm", "--approve-by", "nile-bank.admin")
        today = datetime.datetime.fromtimestamp(self.clock() / 1000, datetime.timezone.utc).date()
        # A Wednesday, eight in the morning UTC: noon in Dubai.
        self.start = today + datetime.timedelta(days=(2 - today.weekday()) % 7 or 7)
        self.go_to(0)
        self.harbour_checker.call("letter_of_credit", "SetCalendar", place="AEDXB", closes_at_minute=900, weekend=[6, 7],
                                  offsets=[{"from": (self.start - datetime.timedelta(days=30)).isoformat(), "minutes": 240}])
        for bank, holder in ((self.harbour_maker, "roaster"), (self.nile_maker, "exporter"), (self.lake_maker, "lake-bank")):
            bank.call("deposit", "OpenAccount", holder=holder, currency="USD")
        for bank, contract in ((self.harbour_checker, "letter_of_credit"), (self.harbour_checker, "payment_undertaking"),
                               (self.lake_checker, "payment_undertaking")):
            bank.call("deposit", "TrustContract", contract=contract, trusted=True)
        self.nile_checker.call("deposit", "GrantLimit", debtor="harbour-bank", limit="USD:500000.00")
        self.harbour_checker.call("deposit", "GrantLimit", debtor="lake-bank", limit="USD:500000.00")
        self.harbour_maker.call("deposit", "Mint", account=MAKER, amount="USD:90000.00", reference="opening balance")
        self.lake_maker.call("deposit", "Mint", account=SPAIN, amount="USD:25000.00", reference="opening balance")
        for member in ("nile-bank", "customs"):
            self.network.run("envelope", "keygen", self.key_of(member))
            self.network.member(f"{member}.admin").run("envelope", "publish", self.key_of(member))
        self.say("Banks in Dubai, India and Spain; a grower, a juice maker, a carrier, customs and an auditor.")

    def certify_devices(self):
        self.say.chapter("Five thermometers")
        rules = {"tolerated_liars": 1, "min_submissions": 3, "max_submissions": 5, "timeout_ms": HOUR_MS,
                 "min_value": -400, "max_value": 600, "outlier_factor_permille": 3_500, "tolerance": 10,
                 "appeal_ms": HOUR_MS, "arbiters": ["customs", "carrier", "nile-bank"], "arbiters_needed": 2,
                 "manufacturers": ["carrier"]}
        self.inspector.call("oracle_aggregator", "CreateFeed", feed=FEED, description="Warmest air since loading",
                            unit=UNIT, decimals=1, rules=rules, oracles=[f"oracle-{n}" for n in range(1, 6)])
        works = Key(self.network, self.folder / "works.key")
        self.carrier.run("call", "oracle_aggregator", "RegisterManufacturer", "--public-key", works.public)
        self.devices = [Device(self.network, n, self.folder) for n in range(1, 6)]
        until = self.clock() + 365 * DAY_MS

        def register(n):
            device = self.devices[n]
            self.oracles[n].call("oracle_aggregator", "RegisterDevice", feed=FEED, **device.certificate(works, until))
            self.inspector.call("oracle_aggregator", "Calibrate", oracle=f"oracle-{n + 1}", serial=device.serial,
                                valid_until_ms=until,
                                protocol=self.paper(f"{device.serial}-calibration.txt", b"Calibrated at 0 and 25 degrees"))

        self.together(register, range(5))
        self.say("Each signs what it measures. The works certify them, an inspector has calibrated them.")

    def promise(self):
        self.say.chapter("Two promises for one shipment")
        self.harbour_maker.call("letter_of_credit", "DraftIssue", terms=self.credit_terms(), funding={"margin": 10_000})
        equal(self.work_of(self.harbour_checker), [("CHECK_DRAFT", "no deadline")], "the work of the bank in Dubai")
        self.harbour_checker.call("letter_of_credit", "Issue", credit=CREDIT, draft_version=1)
        equal(self.work_of(self.harbour_checker), [], "the work of the bank in Dubai once the credit is issued")
        equal(self.work_of(self.nile_checker), [("ADVISE_CREDIT", "no deadline")], "the work of the bank in India")
        self.read_the_credit()
        self.nile_checker.call("letter_of_credit", "Advise", credit=CREDIT, reference="ADV-26")
        self.undertake(self.harbour_maker, self.harbour_checker, BONUS, beneficiary="exporter", account=MAKER, to=GROWER,
                       amount="USD:10000.00", date_ms=self.instant(14), purpose="Premium if the mangoes stayed cold",
                       oracle=self.condition(80, not_before=10))
        equal(self.parts(MAKER), (0, 9_000_000), "the juice maker's money, all set aside")
        self.say("A credit for USD 80,000.00 against documents, and USD 10,000.00 more if it never became warmer than 8.0 degrees.")

    def read_the_credit(self):
        """The bank in India compares what the ledger has with what the grower has agreed to."""
        agreed, otherwise = self.folder / "agreed.json", self.folder / "otherwise.json"
        agreed.write_text(json.dumps(self.credit_terms()))
        otherwise.write_text(json.dumps(self.credit_terms() | {"amount": "USD:82000.00", "transhipment": "NOT_ALLOWED"}))
        equal(self.nile_maker.run("lc", "compare", agreed, CREDIT)["differences"], [], "what differs from what was agreed")
        equal(self.nile_maker.run("lc", "compare", otherwise, CREDIT)["differences"],
              [{"term": "amount", "before": "USD 82,000.00", "after": "USD 80,000.00"},
               {"term": "transhipment", "before": "NOT_ALLOWED", "after": "ALLOWED"}], "what differs from other terms")

    def ship_the_fruit(self):
        self.say.chapter("Nhava Sheva to Jebel Ali")
        self.go_to(5)
        self.bill = self.paper("bill-of-lading.txt", b"Bill of lading BLUNSA2604417, clean on board")
        self.invoice = self.paper("invoice.txt", b"Commercial invoice DG-2026-88")
        self.fruit = self.register_goods("BLUNSA2604417", "Nhava Sheva", "Jebel Ali", "12 t Alphonso mangoes", CREDIT, self.bill)
        self.agree_on_fees()
        self.report_all(1, (62, 61, 63, 62))
        equal(self.answer(), 62, "the answer at loading")
        self.say("The carrier takes the mangoes on board at 6.2 degrees. What the banks ask for their money stays off the ledger.")

    def measure_the_fruit(self):
        self.say.chapter("An excursion")
        self.go_to(12)
        # The first device was out of reach: it kept what it measured, and numbers show it.
        kept = [self.devices[0].read(value, self.instant(12) - HOUR_MS) for value in (98, 114)]
        self.report_all(2, (113, 112, 114, 45))
        device = self.auditor.view("oracle_aggregator", "GetDevice", oracle="oracle-1", serial="RF-1")
        equal(device["gaps"], [{"first": "2", "last": "3"}], "what is missing of the first device")
        self.oracles[0].call("oracle_aggregator", "Backfill", serial="RF-1", readings=kept)
        device = self.auditor.view("oracle_aggregator", "GetDevice", oracle="oracle-1", serial="RF-1")
        equal(device.get("gaps", []), [], "gaps after the device has caught up")
        equal(self.answer(), 113, "the answer at arrival")
        forged = self.devices[1].read(70, self.clock())
        forged["reading"]["value"] = 60
        self.oracles[1].refused("OracleAggregator.BadDeviceSignature", "oracle_aggregator", "SubmitReading",
                                feed=FEED, round=3, serial="RF-2", **forged)
        self.go_to(12, HOUR_MS + 1_000)
        equal(self.undertaking(BONUS)["state"], "ISSUED", "the premium after the warm answer is final")
        self.say("In Jebel Ali four devices report; one lies, one is silent, one files late what it had kept.")
        self.say("The answer is 11.3 degrees: too warm. The premium is not released.")

    def present_and_honour(self):
        self.say.chapter("Documents decide about the credit")
        self.go_to(13)
        reply = self.exporter.call("letter_of_credit", "Present", **self.presentation_of_the_fruit())["result"]
        equal(reply.get("findings", []), [], "what the data tests find")
        number = reply["presentation"]
        equal(self.work_of(self.harbour_maker), [("EXAMINE_DOCUMENTS", "5 banking days left")], "the work of the bank in Dubai")
        self.harbour_maker.call("letter_of_credit", "MarkComplying", credit=CREDIT, presentation=number)
        self.harbour_checker.call("letter_of_credit", "Honour", credit=CREDIT, presentation=number)
        equal(self.parts(GROWER), (8_000_000, 0), "the grower's money")
        equal(self.parts(MAKER), (0, 1_000_000), "the juice maker's money")
        self.say("The documents comply, so the bank honours USD 80,000.00: warm fruit is no discrepancy.")

    def agree_on_fees(self):
        """The ledger gets a salted hash; the letter itself goes sealed from one bank's node to the other bank."""
        self.paper("fee-letter.txt", PRICE_TERMS)
        sent = self.harbour_maker.run("envelope", "put", self.folder / "fee-letter.txt", "--to", "nile-bank",
                                      "--record", FEES, "--about", CREDIT)
        self.fees = bytes.fromhex(sent["commitment"])
        there = ("--node", self.network.address_of("harbour-bank.maker"))
        self.customs.run("envelope", "get", sent["envelope"], "--key", self.key_of("customs"), *there, expect=6)
        self.nile_maker.run("envelope", "get", sent["envelope"], "--key", self.key_of("nile-bank"),
                            "--into", self.folder / "at-nile-bank", "--entry", f"harbour-bank/{FEES}")
        equal((self.folder / "at-nile-bank" / "fee-letter.txt").read_bytes(), PRICE_TERMS, "what Nile Bank reads")
        taken = self.harbour_checker.run("envelope", "verify", sent["envelope"])["deliveries"]
        equal([one["organisation"] for one in taken], ["nile-bank"], "who has signed for the letter")

    def look_into_the_value(self):
        self.say.chapter("Customs")
        line = self.folder / "line.json"
        line.write_text(json.dumps(DECLARED))
        opened = self.customs.run("customs", "compare", line, "--deviations", THRESHOLD, "--case", CASE, "--about", self.fruit)
        equal(opened["flags"], [{"flag": "UNDER", "against": "financed"}], "what customs finds")
        self.customs.call("consignment", "HoldByCustoms", consignment=self.fruit, reference=CASE)
        self.customs.run("envelope", "get", opened["case"]["envelope"], "--key", self.key_of("customs"),
                         "--into", self.folder / "at-customs", "--entry", f"customs/{CASE}")
        case = json.loads((self.folder / "at-customs" / "flags.json").read_text())
        equal((case["flags"], case["rules"]["deviations"]), (opened["flags"], int(THRESHOLD)), "the case as customs reads it")
        seen = self.harbour_maker.view("envelopes", "GetEntry", entry=f"customs/{CASE}")["versions"][0]
        equal(set(seen), {"reference", "version", "commitment", "kind", "about", "by", "recorded_at"}, "what a bank sees")
        self.customs.call("consignment", "ReleaseByCustoms", consignment=self.fruit, reference="AE2026-771204")
        self.say("Declared for little more than half of what was financed. The case's number is on the ledger, the rest is sealed.")
        self.say("The juice maker gives a guarantee; customs releases the fruit.")

    def let_the_bonus_go_back(self):
        self.say.chapter("The premium goes back")
        self.go_to(14, 2 * HOUR_MS + 1_000)
        self.eventually(lambda: self.undertaking(BONUS)["state"] == "REFUNDED", "the premium goes back by itself")
        equal(self.parts(MAKER), (1_000_000, 0), "the juice maker's money")
        equal(self.parts(GROWER), (8_000_000, 0), "the grower's money")
        equal(self.people_behind(BONUS), 2, "transactions of the premium: draft and issue")
        self.say("Its date passes. The ledger returns the USD 10,000.00 by itself; nobody has sent anything.")

    def ship_the_juice(self):
        self.say.chapter("Jebel Ali to Valencia")
        self.undertake(self.lake_maker, self.lake_checker, JUICE, beneficiary="roaster", account=SPAIN, to=MAKER,
                       amount="USD:25000.00", date_ms=self.instant(40), purpose="Mango juice, if it stayed below 5.0 degrees",
                       oracle=self.condition(50, not_before=20))
        equal(self.parts(SPAIN), (0, 2_500_000), "the Spanish bank's money")
        bill = self.paper("juice-bill-of-lading.txt", b"Bill of lading BLUJEA2605518, clean on board")
        self.register_goods("BLUJEA2605518", "Jebel Ali", "Valencia", "6,000 l mango juice", "", bill)
        self.say("The bank in Spain promises USD 25,000.00 for cold juice, on behalf of a grocer who is no member.")

    def measure_the_juice(self):
        self.say.chapter("Thermometers decide about the undertaking")
        self.go_to(26)
        self.report_all(3, (38, 39, 37, 150))
        equal(self.answer(), 38, "the answer in Valencia")
        equal(self.undertaking(JUICE)["state"], "ISSUED", "the undertaking while an appeal is possible")
        self.go_to(26, HOUR_MS + 1_000)
        self.eventually(lambda: self.undertaking(JUICE)["state"] == "PAID", "the undertaking pays by itself")
        equal(self.parts(SPAIN), (0, 0), "the Spanish bank's money")
        equal(self.parts(MAKER), (3_500_000, 0), "the juice maker's money")
        equal(self.people_behind(JUICE), 2, "transactions of the undertaking: draft and issue")
        liar = self.auditor.view("oracle_aggregator", "GetOracle", oracle="oracle-4")["reputation"]
        silent = self.auditor.view("oracle_aggregator", "GetOracle", oracle="oracle-5")["reputation"]
        honest = self.auditor.view("oracle_aggregator", "GetOracle", oracle="oracle-2")["reputation"]
        equal((liar["rejected"], silent["no_shows"], honest["accepted"]), ("2", "3", "3"), "marks")
        check(honest["score"] > liar["score"] > silent["score"], "the scores tell them apart")
        self.say("3.8 degrees, and nobody appeals for an hour: the ledger pays by itself, once.")
        self.say("The liar was rejected twice, the silent one missed three rounds: their scores say so.")

    # -- what stays

    def take_evidence(self):
        self.say.chapter("The auditor takes the whole story away")
        self.wait_until_together()
        bundles = []
        for contract, name in (("letter_of_credit", CREDIT), ("payment_undertaking", BONUS),
                               ("payment_undertaking", JUICE), ("oracle_aggregator", "feed/" + FEED)):
            bundle = self.folder / f"{len(bundles)}.evidence"
            self.auditor.run("audit", "export", contract, name, "--out", bundle)
            bundles.append(bundle)
        self.network.down()
        for bundle in bundles:
            check("complete history" in self.verify(bundle), f"{bundle.name} is proven with the network down")
        self.say(f"{len(bundles)} files prove credit, both undertakings and the feed, with the network down.")

    def scan_the_stores(self):
        """No node's disk has the banks' price terms or customs' findings; all have the salted hash and the case's number."""
        stores = sorted({path.parent for path in self.network.home.rglob("CURRENT")})
        check(len(stores) >= 5, f"five nodes have stores: {stores}")
        for store in stores:
            # Everything that the node has: the envelopes that it keeps lie beside its ledger.
            content = b"".join(path.read_bytes() for path in store.parent.rglob("*") if path.is_file())
            # That the scan would find it: what is on the ledger, it finds.
            check(self.fees in content and CASE.encode() in content, f"the scan reads {store}")
            for secret in (PRICE_TERMS, b"285 basis points", b'"UNDER"', b'"41000.00"', b'"deviations": ' + THRESHOLD.encode()):
                check(secret not in content, f"no {secret!r} in {store.parent}")
        self.say(f"{len(stores)} nodes' disks were searched: what the banks ask and what customs found is on none of them.")

    # -- small helpers

    def work_of(self, member):
        """What the member's organisation has to do on the credit, and by when."""
        entries = [entry for entry in member.run("lc", "worklist").get("entries", []) if entry["item"]["credit"] == CREDIT]
        return [(entry["item"]["task"], f"{entry.get('banking_days_left', 0)} banking days left"
                 if "due_on" in entry["item"] else "no deadline") for entry in entries]

    def instant(self, day):
        morning = datetime.datetime.combine(self.start + datetime.timedelta(days=day), datetime.time(8),
                                            datetime.timezone.utc)
        return int(morning.timestamp() * 1000)

    def date(self, day):
        return (self.start + datetime.timedelta(days=day)).isoformat()

    def go_to(self, day, more_ms=0):
        ahead = self.instant(day) + more_ms - self.clock()
        if ahead > 0:
            self.network.advance_ms(ahead + 999)

    def key_of(self, member):
        return self.folder / f"{member}.key"

    def paper(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return sha256(path)

    def together(self, act, items):
        """Several members act at the same time."""
        with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
            list(pool.map(act, items))

    def condition(self, most, not_before):
        return {"contract": "oracle_aggregator", "feed": FEED, "min": -400, "max": most, "unit": UNIT, "decimals": 1,
                "max_age_ms": DAY_MS, "not_before_ms": self.instant(not_before), "min_accepted": 3}

    def undertake(self, maker, checker, name, **terms):
        terms["reference"] = name.split("/")[1]
        draft = maker.call("payment_undertaking", "Draft", terms=terms)
        equal(draft["result"]["undertaking"], name, "the draft's name")
        checker.call("payment_undertaking", "Issue", undertaking=name, draft_version=1)

    def undertaking(self, name):
        return self.auditor.view("payment_undertaking", "GetUndertaking", undertaking=name)

    def people_behind(self, name):
        actions = self.auditor.run("audit", "history", "payment_undertaking", name)["actions"]
        return sum(1 for action in actions if "organisation" in action)

    def parts(self, account):
        found = self.auditor.view("deposit", "GetAccount", account=account)
        return tuple(int(found.get(part, {}).get("minor_units", 0)) for part in ("available", "held"))

    def report_all(self, number, values):
        """The devices of the first oracles measure; the fifth is silent."""
        now = self.clock()
        readings = [self.devices[n].read(value, now) for n, value in enumerate(values)]

        def report(n):
            self.oracles[n].call("oracle_aggregator", "SubmitReading", feed=FEED, round=number,
                                 serial=self.devices[n].serial, **readings[n])

        self.together(report, range(len(values)))

    def answer(self):
        read = self.auditor.view("oracle_aggregator", "Read", feed=FEED, max_age_ms=HOUR_MS)
        check("fresh" in read, f"the answer is fresh: {read}")
        return int(read["fresh"]["value"])

    def register_goods(self, bill, loading, discharge, goods, credit, document):
        reply = self.carrier.call(
            "consignment", "Register", bill_of_lading=bill, carrier_name="Blue Line Shipping", vessel="Zambezi Trader",
            vessel_imo="9714381", voyage="050E", place_of_receipt=loading, port_of_loading=loading,
            port_of_discharge=discharge, shipper={"name": "Shipper", "country": "AE", "organisation": "exporter"},
            consignee={"name": "To order", "country": "AE", "organisation": "harbour-bank"},
            notify={"name": "Gulf Juice", "country": "AE", "organisation": "roaster"}, goods=goods, packages=600,
            gross_weight_grams=12_400_000, containers=[{"number": "BLUU4026176", "seal": "BL100902"}],
            **({"links": {"credit": credit}} if credit else {}),
            documents=[{"name": "bill-of-lading", "sha256": document, "issuer": "Blue Line Shipping", "number": bill,
                        "date": datetime.datetime.fromtimestamp(self.clock() / 1000, datetime.timezone.utc).date().isoformat()}])
        name = reply["result"]["consignment"]
        self.carrier.call("consignment", "AddMilestone", consignment=name, kind="LOADED_ON_BOARD", place=loading, at=self.clock())
        return name

    def credit_terms(self):
        dubai = {"organisation": "harbour-bank", "name": "Gulf Bank, Dubai", "bic": "GLFBAEAD", "place": "AEDXB"}
        return {
            "number": CREDIT.split("/")[1], "form": "IRREVOCABLE", "rules": "UCP", "expiry_date": self.date(40),
            "expiry_place": "AEDXB", "issuing_bank": dubai, "available_with": dubai, "available_by": "SIGHT_PAYMENT",
            "advising_bank": {"organisation": "nile-bank", "name": "Deccan Bank, Pune", "bic": "DCNBINBB", "place": "INPNQ"},
            "applicant": {"name": "Gulf Juice", "address": "Dock 9, Jebel Ali", "country": "AE", "organisation": "roaster"},
            "beneficiary": {"name": "Deccan Growers", "address": "Market Yard, Pune", "country": "IN", "organisation": "exporter"},
            "beneficiary_bank": "nile-bank", "amount": "USD:80000.00", "partial_shipments": "NOT_ALLOWED",
            "transhipment": "ALLOWED", "port_of_loading": "Nhava Sheva", "port_of_discharge": "Jebel Ali",
            "latest_shipment": self.date(6), "goods": "Alphonso mangoes, 600 cartons of 20 kg",
            "quantity": {"value": "12000", "unit": "KGM"}, "trade_term": "FOB Nhava Sheva (Incoterms 2020)",
            "documents": [{"title": "Commercial invoice", "kind": "COMMERCIAL_INVOICE", "originals": 1, "wording": "Signed invoice"},
                          {"title": "Bill of lading", "kind": "BILL_OF_LADING", "originals": 3, "wording": "Full set, clean on board"}],
            "charges": "All charges outside the Emirates are for the beneficiary's account", "presentation_days": 21,
            "confirmation": "WITHOUT"}

    def presentation_of_the_fruit(self):
        terms = self.credit_terms()
        invoice = {"issued_by": "Deccan Growers", "issued_to": "Gulf Juice", "total": "USD:80000.00", "goods": terms["goods"],
                   "quantity": "12000", "unit": "KGM"}
        transport = {"carrier": "Blue Line Shipping", "signed_by": "CARRIER", "on_board": self.date(5), "vessel": "Zambezi Trader",
                     "port_of_loading": "Nhava Sheva", "port_of_discharge": "Jebel Ali", "containers": ["BLUU4026176"]}
        return {"credit": CREDIT, "claimed": "USD:80000.00", "documents": [
            {"title": "Commercial invoice", "kind": "COMMERCIAL_INVOICE", "number": "DG-2026-88", "issuer": "Deccan Growers",
             "date": self.date(4), "sha256": self.invoice, "originals": 1, "invoice": invoice},
            {"title": "Bill of lading", "kind": "BILL_OF_LADING", "number": "BLUNSA2604417", "issuer": "Blue Line Shipping",
             "date": self.date(5), "sha256": self.bill, "originals": 3, "transport": transport}]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", required=True, help="folder of usance, usanced and usance-verify")
    parser.add_argument("--quiet", action="store_true", help="do not tell the story")
    arguments = parser.parse_args()
    home = pathlib.Path(tempfile.mkdtemp(prefix="usance-dubai-"))
    network = Network(pathlib.Path(arguments.programs).resolve(), home)
    story = DubaiStory(network, Teller(arguments.quiet))
    broken = True
    try:
        network.up("--follower")
        story.play()
        story.take_evidence()
        story.scan_the_stores()
        broken = False
    except StoryError as error:
        print(f"the story broke (its home is {home}): {error}", file=sys.stderr)
    finally:
        if broken:
            network.down()
    if broken:
        return 1
    shutil.rmtree(home, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
