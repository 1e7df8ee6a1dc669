#include <set>

#include <gtest/gtest.h>

#include "tests/unit/evidence/sample_chain.h"

namespace usance {
namespace {

class EvidenceTest : public testing::Test {
 protected:
  // The name of what failed, or "VERIFIED".
  [[nodiscard]] std::string outcome(const Evidence& e, const EvidenceOptions& options = {}) const {
    const auto result = chain.verify(e, options);
    return result ? "VERIFIED" : std::string(to_string(result.error().failure));
  }
  [[nodiscard]] Anchor anchor(std::uint64_t height) const {
    return {Height(height), merkle_root(chain.ledger_leaves(height))};
  }
  SampleChain chain;
};

TEST_F(EvidenceTest, EverySubjectVerifies) {
  EXPECT_EQ(outcome(chain.of_transaction()), "VERIFIED");
  EXPECT_EQ(outcome(chain.of_event()), "VERIFIED");
  EXPECT_EQ(outcome(chain.of_item()), "VERIFIED");
  EXPECT_EQ(outcome(chain.of_absence()), "VERIFIED");
  EXPECT_EQ(outcome(chain.of_object()), "VERIFIED");
}

TEST_F(EvidenceTest, SaysAsOfWhenAndWhoSigned) {
  const auto verified = chain.verify(chain.of_object());
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->as_of_height, Height(3));
  EXPECT_EQ(verified->as_of_time, TimeMs(1'003'000));
  EXPECT_EQ(verified->tip_quorum, 3u);
  ASSERT_EQ(verified->tip_signers.size(), 3u);
  EXPECT_EQ(verified->tip_signers[0].org, OrgId("org-0"));
  EXPECT_EQ(verified->time(Height(1)), TimeMs(1'001'000));
}

TEST_F(EvidenceTest, BytesAreReadBackAndDeterministic) {
  const Evidence e = chain.of_object();
  const Bytes file = write_evidence(e);
  EXPECT_EQ(read_evidence(file).value(), e);
  EXPECT_EQ(write_evidence(chain.of_object()), file);
  EXPECT_FALSE(read_evidence(as_bytes("another file")));
}

// The promise of the format: no byte can change without being noticed.
TEST_F(EvidenceTest, EveryFlippedBitIsCaughtAndNamed) {
  const std::set<std::string> names = {
      "MALFORMED",       "WRONG_CHAIN",        "WRONG_VALIDATOR_SET",
      "BROKEN_PATH",     "BAD_SIGNATURE",      "NOT_ENOUGH_SIGNATURES",
      "WRONG_INTERFACE", "HISTORY_INCOMPLETE", "WRONG_ANCHOR"};
  std::set<std::string> seen;
  for (const Evidence& e : {chain.of_transaction(), chain.of_event(), chain.of_item(),
                            chain.of_absence(), chain.of_object()}) {
    const Bytes file = write_evidence(e);
    for (std::size_t i = 0; i < file.size(); ++i) {
      for (const std::uint8_t flip : {std::uint8_t{0x01}, std::uint8_t{0x80}}) {
        Bytes changed = file;
        changed[i] = static_cast<std::uint8_t>(changed[i] ^ flip);
        const auto result = verify_evidence_file(changed, chain.genesis, {}, ed25519_verifier());
        ASSERT_FALSE(result) << "byte " << i << " of " << file.size() << " flipped by " << +flip;
        const std::string name(to_string(result.error().failure));
        ASSERT_TRUE(names.contains(name)) << name;
        ASSERT_FALSE(result.error().what.empty());
        seen.insert(name);
      }
    }
  }
  for (const char* name : {"MALFORMED", "WRONG_CHAIN", "WRONG_VALIDATOR_SET", "BROKEN_PATH",
                           "BAD_SIGNATURE", "WRONG_INTERFACE", "HISTORY_INCOMPLETE"})
    EXPECT_TRUE(seen.contains(name)) << name;
}

// Where absence is proven, another name may be absent too: only the checksum tells.
TEST_F(EvidenceTest, AnotherAbsentNameIsCaughtByTheChecksum) {
  Bytes file = write_evidence(chain.of_absence());
  const Bytes name = to_bytes("LC-2");
  const auto at = std::search(file.begin(), file.end(), name.begin(), name.end());
  ASSERT_NE(at, file.end());
  bool another_truth = false;
  for (char digit = '0'; digit <= 'z'; ++digit) {
    if (digit == '2') continue;
    at[3] = static_cast<std::uint8_t>(digit);
    const auto result = verify_evidence_file(file, chain.genesis, {}, ed25519_verifier());
    ASSERT_FALSE(result) << digit;
    EXPECT_FALSE(read_evidence(file));
    another_truth |= result.error().what.find("checksum") != std::string::npos;
  }
  EXPECT_TRUE(another_truth);
}

TEST_F(EvidenceTest, EveryTruncationIsMalformed) {
  const Bytes file = write_evidence(chain.of_transaction());
  for (std::size_t n = 0; n < file.size(); ++n) {
    const auto result =
        verify_evidence_file(ByteView(file).first(n), chain.genesis, {}, ed25519_verifier());
    ASSERT_FALSE(result) << n;
    EXPECT_EQ(result.error().failure, EvidenceFailure::kMalformed) << n;
  }
  Bytes longer = file;
  longer.push_back(0);
  EXPECT_FALSE(verify_evidence_file(longer, chain.genesis, {}, ed25519_verifier()));
}

TEST_F(EvidenceTest, AnotherNetworksGenesisIsNamed) {
  Genesis other = chain.genesis;
  other.chain_id = sha256(as_bytes("another genesis"));
  const auto result =
      verify_evidence_file(write_evidence(chain.of_item()), other, {}, ed25519_verifier());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().failure, EvidenceFailure::kWrongChain);
}

TEST_F(EvidenceTest, ACertificateNeedsAQuorum) {
  Evidence e = chain.of_item();
  e.tip->certificate.signatures.pop_back();
  EXPECT_EQ(outcome(e), "NOT_ENOUGH_SIGNATURES");
  e.tip->certificate.bitmap[0] = 0b0011;
  EXPECT_EQ(outcome(e), "NOT_ENOUGH_SIGNATURES");
}

TEST_F(EvidenceTest, OneSignerCannotCountTwice) {
  Evidence e = chain.of_item();
  e.tip->certificate.signatures[1] = e.tip->certificate.signatures[0];
  EXPECT_EQ(outcome(e), "BAD_SIGNATURE");
}

TEST_F(EvidenceTest, ASignatureMovedToAnotherValidatorFails) {
  Evidence e = chain.of_item();
  e.tip->certificate.bitmap[0] = 0b1011;
  EXPECT_EQ(outcome(e), "BAD_SIGNATURE");
}

TEST_F(EvidenceTest, ACommitCertificateIsNoResultCertificate) {
  Evidence e = chain.of_item();
  e.tip->certificate.content.kind = VoteKind::kCommit;
  EXPECT_EQ(outcome(e), "MALFORMED");
}

TEST_F(EvidenceTest, AHeaderOfTheSameHeightWithAnotherStateFails) {
  Evidence e = chain.of_item();
  e.tip->header.state_root = sha256(as_bytes("forged"));
  EXPECT_EQ(outcome(e), "BROKEN_PATH");
}

TEST_F(EvidenceTest, AHistoryWithoutOneOfItsChangesIsIncomplete) {
  Evidence hidden = chain.of_object();
  hidden.objects[0].history.changes.pop_back();
  EXPECT_EQ(outcome(hidden), "HISTORY_INCOMPLETE");
  Evidence swapped = chain.of_object();
  std::swap(swapped.objects[0].history.changes[0], swapped.objects[0].history.changes[1]);
  EXPECT_EQ(outcome(swapped), "HISTORY_INCOMPLETE");
  Evidence added = chain.of_object();
  added.objects[0].history.changes.push_back(added.objects[0].history.changes[0]);
  EXPECT_EQ(outcome(added), "HISTORY_INCOMPLETE");
}

TEST_F(EvidenceTest, AHistoryNamesWhoMadeEachChange) {
  Evidence e = chain.of_object();
  e.actions.pop_back();
  e.results.pop_back();
  EXPECT_EQ(outcome(e), "HISTORY_INCOMPLETE");
}

TEST_F(EvidenceTest, ATransactionCarriesAllItsEvents) {
  Evidence e = chain.of_transaction();
  e.events.pop_back();
  EXPECT_EQ(outcome(e), "HISTORY_INCOMPLETE");
}

TEST_F(EvidenceTest, NothingUnneededIsCarried) {
  Evidence header = chain.of_transaction();
  header.results.insert(header.results.begin(), chain.result(1, 3));
  EXPECT_EQ(outcome(header), "MALFORMED");
  Evidence action = chain.of_object();
  action.actions.insert(action.actions.begin() + 1, chain.action(2, 0));
  EXPECT_EQ(outcome(action), "MALFORMED");
}

TEST_F(EvidenceTest, AHeaderThatIsMissingIsNamed) {
  Evidence e = chain.of_transaction();
  e.results.clear();
  EXPECT_EQ(outcome(e), "MALFORMED");
}

TEST_F(EvidenceTest, ATimersRunCarriesNoTransaction) {
  Evidence e = chain.of_transaction();
  e.actions = {chain.action(2, 0)};
  e.events.clear();
  EXPECT_EQ(outcome(e), "VERIFIED");
}

TEST_F(EvidenceTest, AModuleThatTheRegistryDoesNotNameIsRefused) {
  Evidence e = chain.of_object();
  e.interfaces[0].code.back() ^= 1;
  EXPECT_EQ(outcome(e), "WRONG_INTERFACE");
  Evidence other = chain.of_object();
  other.interfaces[0].contract = "other";
  EXPECT_EQ(outcome(other), "WRONG_INTERFACE");
}

TEST_F(EvidenceTest, StaleEvidenceIsRefusedOnRequest) {
  EvidenceOptions options;
  options.min_time = TimeMs(1'003'000);
  EXPECT_EQ(outcome(chain.of_item(), options), "VERIFIED");
  options.min_time = TimeMs(1'003'001);
  EXPECT_EQ(outcome(chain.of_item(), options), "TOO_OLD");
}

TEST_F(EvidenceTest, AnAnchorReplacesTheSignatures) {
  Evidence e = chain.of_transaction();
  e.basis = EvidenceBasis::kAnchor;
  e.tip.reset();
  e.interfaces.clear();
  EXPECT_EQ(outcome(e), "WRONG_ANCHOR") << "an anchor must be given";
  EvidenceOptions options;
  options.anchor = anchor(3);
  EXPECT_EQ(outcome(e, options), "VERIFIED");
  options.anchor->ledger_root = sha256(as_bytes("another root"));
  EXPECT_EQ(outcome(e, options), "WRONG_ANCHOR");
  options.anchor = anchor(4);
  EXPECT_EQ(outcome(e, options), "WRONG_ANCHOR") << "the path is of another height";
  EXPECT_EQ(outcome(chain.of_transaction(), options), "WRONG_ANCHOR")
      << "a bundle from the genesis says nothing about the anchor";
}

TEST_F(EvidenceTest, AnAnchoredSetBeginsTheWalk) {
  Evidence e = chain.of_item();
  e.basis = EvidenceBasis::kAnchoredSet;
  e.anchored_set = AnchoredSet{chain.result(2, 3), chain.genesis.validators()};
  EvidenceOptions options;
  options.anchor = anchor(3);
  EXPECT_EQ(outcome(e, options), "VERIFIED");
  e.anchored_set->set.validators[0].org = OrgId("impostor");
  EXPECT_EQ(outcome(e, options), "WRONG_VALIDATOR_SET");
}

class HandOverTest : public EvidenceTest {
 protected:
  // Height 3 names a next set from 4 on, of five validators; the tip is signed by it.
  HandOverTest() {
    SecretSeed seed;
    seed.bytes[0] = 42;
    chain.signers.push_back(ed25519_signer(seed));
    next = chain.genesis.validators();
    next.epoch = Epoch(1);
    next.validators.push_back({5, OrgId("org-4"), chain.signers.back()->public_key()});
    ResultHeader last = chain.headers[3];
    last.next = NextSet{Epoch(1), validator_set_hash(chain.genesis.chain_id, next), Height(4)};
    chain.headers[3] = last;
    ResultHeader first = last;
    first.height = Height(4);
    first.next.reset();
    first.epoch = Epoch(1);
    first.set_hash = validator_set_hash(chain.genesis.chain_id, next);
    first.ledger_root = merkle_root(chain.ledger_leaves(4));
    evidence = chain.of_item();
    evidence.items[0].height = Height(4);
    evidence.hand_overs = {HandOver{last, chain.certify(last), next}};
    evidence.tip = CertifiedResult{first, chain.certify(first, next)};
  }
  ValidatorSet next;
  Evidence evidence;
};

TEST_F(HandOverTest, TheSetIsFollowedFromTheGenesis) {
  EXPECT_EQ(outcome(evidence), "VERIFIED");
}

TEST_F(HandOverTest, ASetThatNobodyHandedOverToIsNotBelieved) {
  Evidence skipped = evidence;
  skipped.hand_overs.clear();
  EXPECT_EQ(outcome(skipped), "WRONG_VALIDATOR_SET");
  Evidence forged = evidence;
  forged.hand_overs[0].next.validators[0].key = chain.user->public_key();
  EXPECT_EQ(outcome(forged), "WRONG_VALIDATOR_SET");
}

TEST_F(HandOverTest, TheOldSetCannotSignAfterwards) {
  Evidence e = evidence;
  e.tip->header.epoch = Epoch(0);
  e.tip->header.set_hash = validator_set_hash(chain.genesis.chain_id, chain.genesis.validators());
  e.tip->certificate = chain.certify(e.tip->header);
  EXPECT_EQ(outcome(e), "WRONG_VALIDATOR_SET");
}

TEST_F(HandOverTest, AHandOverNeedsTheOldQuorum) {
  Evidence e = evidence;
  e.hand_overs[0].certificate.signatures.pop_back();
  EXPECT_EQ(outcome(e), "NOT_ENOUGH_SIGNATURES");
}

TEST_F(HandOverTest, EveryFlippedByteOfItIsCaught) {
  const Bytes file = write_evidence(evidence);
  for (std::size_t i = 0; i < file.size(); ++i) {
    Bytes changed = file;
    changed[i] ^= 0x10;
    ASSERT_FALSE(verify_evidence_file(changed, chain.genesis, {}, ed25519_verifier())) << i;
  }
}

TEST(Anchor, IsParsed) {
  const std::string root(64, 'a');
  EXPECT_EQ(parse_anchor("12:" + root).value().height, Height(12));
  for (const std::string& bad :
       {std::string(""), std::string("12"), "12:" + root + "a", "x:" + root, "0:" + root,
        "12:" + std::string(63, 'a'), "-1:" + root})
    EXPECT_FALSE(parse_anchor(bad)) << bad;
}

TEST(ModuleInterface, IsFoundAmongSections) {
  const Bytes module{0, 'a', 's', 'm', 1, 0, 0, 0, 1, 2, 9, 9};
  EXPECT_EQ(interface_of_module(module).error().code, ErrorCode::kNotFound);
  Bytes cut = module;
  cut[9] = 3;
  EXPECT_EQ(interface_of_module(cut).error().code, ErrorCode::kMalformed);
  EXPECT_EQ(interface_of_module({}).error().code, ErrorCode::kMalformed);
}

}  // namespace
}  // namespace usance
