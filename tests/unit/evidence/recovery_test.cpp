// Recovery records (docs/spec/recovery.md, R-1 and R-2), and evidence from behind one.
#include <functional>

#include <gtest/gtest.h>

#include "tests/unit/evidence/sample_chain.h"

namespace usance {
namespace {

std::unique_ptr<Signer> signer(std::uint8_t number) {
  SecretSeed seed;
  seed.bytes[0] = number;
  return ed25519_signer(seed);
}

// The sample chain's four members lose a quorum behind height 3 and go on with two new keys.
class RecoveryTest : public testing::Test {
 protected:
  RecoveryTest() {
    for (std::uint8_t i = 0; i < 4; ++i) {
      recovery_keys_.push_back(signer(static_cast<std::uint8_t>(50 + i)));
      chain.genesis.organisations[i].recovery_key = recovery_keys_[i]->public_key();
    }
    next = chain.genesis.validators();
    next.epoch = Epoch(1);
    for (std::uint8_t i = 0; i < 2; ++i) {
      chain.signers[i] = signer(static_cast<std::uint8_t>(150 + i));
      next.validators[i].key = chain.signers[i]->public_key();
    }
    record.chain = chain.genesis.chain_id;
    record.reason = "two data centres burnt";
    record.last = chain.headers[3];
    record.next = next;
    add_behind();
  }

  // Height 4, of the new validators; the tip of everything here.
  void add_behind() {
    ResultHeader header = chain.headers[3];
    header.height = Height(4);
    header.epoch = next.epoch;
    header.set_hash = validator_set_hash(chain.genesis.chain_id, next);
    header.time = TimeMs(1'004'000);
    header.ledger_root = merkle_root(chain.ledger_leaves(4));
    chain.headers.resize(4);
    chain.headers.push_back(header);
  }
  void sign(std::size_t organisations) {
    record.signatures.clear();
    for (std::size_t i = 0; i < organisations; ++i)
      record.signatures.push_back(
          {chain.genesis.organisations[i].id, recovery_keys_[i]->sign(recovery_digest(record))});
  }
  [[nodiscard]] Evidence behind() const {
    Evidence e = chain.of_item();
    e.results = {chain.result(3, 4)};
    e.tip = CertifiedResult{chain.headers[4], chain.certify(chain.headers[4], next)};
    return e;
  }
  [[nodiscard]] std::string outcome(const Evidence& e, bool with_record = true) const {
    EvidenceOptions options;
    if (with_record) options.recoveries = {record};
    const auto result = chain.verify(e, options);
    return result ? "VERIFIED" : std::string(to_string(result.error().failure));
  }
  [[nodiscard]] std::string judged() const {
    const std::vector<ValidatorSet> known = {chain.genesis.validators()};
    const auto result = verify_recovery(record, chain.genesis, known, ed25519_verifier());
    return result ? "" : result.error().message;
  }
  // What a change of the record, signed by all, is refused for.
  [[nodiscard]] std::string refused(const std::function<void(RecoveryRecord&)>& change) {
    const RecoveryRecord before = record;
    change(record);
    sign(4);
    std::string why = judged();
    record = before;
    return why;
  }

  SampleChain chain;
  ValidatorSet next;
  RecoveryRecord record;
  std::vector<std::unique_ptr<Signer>> recovery_keys_;
};

TEST_F(RecoveryTest, R4_1_EvidenceFromBehindItNeedsTheRecordAndSaysSo) {
  sign(3);
  EXPECT_EQ(outcome(behind(), false), "WRONG_VALIDATOR_SET");
  const auto without = chain.verify(behind());
  EXPECT_NE(without.error().what.find("--recovery"), std::string::npos) << without.error().what;
  ASSERT_EQ(outcome(behind()), "VERIFIED");
  EvidenceOptions options;
  options.recoveries = {record};
  const auto verified = chain.verify(behind(), options);
  ASSERT_EQ(verified->recoveries.size(), 1u);
  const EvidenceRecovery& applied = verified->recoveries[0];
  EXPECT_EQ(applied.last, Height(3));
  EXPECT_EQ(applied.epoch, Epoch(1));
  EXPECT_EQ(applied.signers.needed, 3u);
  EXPECT_EQ(applied.signers.signed_by,
            (std::vector<OrgId>{OrgId("org-0"), OrgId("org-1"), OrgId("org-2")}));
  EXPECT_EQ(applied.reason, record.reason);
}

TEST_F(RecoveryTest, R4_2_EvidenceFromBeforeItVerifiesWithAndWithout) {
  sign(3);
  SampleChain before;
  before.genesis = chain.genesis;
  for (const Evidence& e : {before.of_object(), before.of_transaction(), before.of_absence()}) {
    EXPECT_TRUE(before.verify(e));
    EvidenceOptions options;
    options.recoveries = {record};
    const auto verified = before.verify(e, options);
    ASSERT_TRUE(verified);
    EXPECT_TRUE(verified->recoveries.empty());
  }
}

// Whoever has a quorum of the old keys could go on as if nothing had happened.
TEST_F(RecoveryTest, R4_3_TheOldValidatorsSignNothingBehindIt) {
  sign(3);
  SampleChain old;
  ResultHeader fork = chain.headers[4];
  fork.epoch = Epoch{};
  fork.set_hash = chain.headers[3].set_hash;
  Evidence e = behind();
  e.tip = CertifiedResult{fork, old.certify(fork)};
  EXPECT_EQ(outcome(e), "WRONG_VALIDATOR_SET");
}

TEST_F(RecoveryTest, R2_1_AQuorumOfTheMembersMustSign) {
  sign(2);
  EXPECT_EQ(outcome(behind()), "NOT_ENOUGH_SIGNATURES");
  sign(3);
  record.signatures[1].signature.bytes[5] ^= 1;
  EXPECT_EQ(outcome(behind()), "BAD_SIGNATURE");
  sign(3);
  record.signatures[2].org = OrgId("org-3");  // another's signature
  EXPECT_EQ(outcome(behind()), "BAD_SIGNATURE");
  sign(3);
  record.signatures.push_back({OrgId("stranger"), record.signatures[0].signature});
  EXPECT_EQ(outcome(behind()), "NOT_ENOUGH_SIGNATURES");
}

TEST_F(RecoveryTest, R1_2_TheNewSetKeepsTheRulesOfEverySet) {
  sign(4);
  EXPECT_EQ(judged(), "");
  EXPECT_NE(refused([](auto& r) { r.next.validators.pop_back(); }), "");
  EXPECT_NE(refused([](auto& r) { r.next.epoch = Epoch(2); }), "");
  EXPECT_NE(refused([](auto& r) { r.next.validators[1].key = r.next.validators[0].key; }), "");
  EXPECT_NE(refused([](auto& r) { r.next.validators[1].key = PublicKey{}; }), "");
  EXPECT_NE(refused([](auto& r) { r.next.validators[1].org = r.next.validators[0].org; }), "");
  EXPECT_NE(refused([](auto& r) { r.certificate_keys = {{77, Hash32{}}}; }), "");
  EXPECT_NE(refused([](auto& r) { r.chain.bytes[0] ^= 1; }), "");
  EXPECT_NE(refused([](auto& r) { r.last.set_hash.bytes[0] ^= 1; }), "");
  EXPECT_NE(refused([](auto& r) { r.last.height = Height(17); }), "");  // whose members?
}

TEST_F(RecoveryTest, R1_2_ASetThatWasPendingNeverBegins) {
  record.last.next = NextSet{Epoch(1), Hash32{}, Height(19)};
  sign(4);
  EXPECT_NE(judged(), "");
  record.next.epoch = Epoch(2);
  sign(4);
  EXPECT_EQ(judged(), "");
}

TEST_F(RecoveryTest, R1_4_TheCarriedBlockIsOneThatWasLocked) {
  SampleChain old;
  CarriedBlock carried;
  carried.block.header.chain = record.chain;
  carried.block.header.height = Height(4);
  carried.block.header.parent = record.last.block;
  carried.block.body.bundles = {to_bytes("a bundle")};
  carried.block.header.body_root = body_root(carried.block.body);
  const ValidatorSet set = chain.genesis.validators();
  const auto lock = [&](CarriedBlock one) {
    const VoteContent content{VoteKind::kPrepare, Epoch{}, View(2), Height(4),
                              block_hash(one.block.header)};
    std::vector<SignedVote> votes;
    for (std::uint32_t i = 0; i < 3; ++i)
      votes.push_back({i, old.signers[i]->sign(vote_digest(record.chain, content))});
    one.lock = make_certificate(set, content, votes);
    return one;
  };
  const CarriedBlock good = lock(carried);
  EXPECT_EQ(refused([&](auto& r) { r.carried = good; }), "");
  EXPECT_NE(refused([&](auto& r) {
              r.carried = good;
              r.carried->lock.signatures[0].bytes[0] ^= 1;
            }),
            "");
  EXPECT_NE(refused([&](auto& r) {
              r.carried = good;
              r.carried->block.body.bundles.clear();
            }),
            "");
  carried.block.header.parent.bytes[0] ^= 1;
  EXPECT_NE(refused([&](auto& r) { r.carried = lock(carried); }), "");
}

TEST_F(RecoveryTest, R1_1_NoBitOfARecordCanChange) {
  sign(3);
  const Bytes file = write_recovery(record);
  EXPECT_EQ(read_recovery(file).value(), record);
  EXPECT_FALSE(read_recovery(as_bytes("something else")));
  const Bytes content = encode(record);
  for (std::size_t i = 0; i < content.size(); ++i) {
    Bytes damaged = content;
    damaged[i] ^= 1;
    const auto decoded = decode<RecoveryRecord>(damaged);
    if (!decoded) continue;
    EXPECT_EQ(encode(*decoded), damaged) << i;
    record = *decoded;
    EXPECT_NE(outcome(behind()), "VERIFIED") << "byte " << i;
    EXPECT_FALSE(read_recovery(write_recovery(record)).value() == read_recovery(file).value());
    Bytes broken = file;
    broken[std::min(i + 19, file.size() - 1)] ^= 1;
    EXPECT_FALSE(read_recovery(broken)) << i;
  }
}

// The members as the ledger knows them, proven by the last certified height.
class ProvenMembers : public RecoveryTest {
 protected:
  ProvenMembers() {
    for (std::uint8_t i = 0; i < 4; ++i)
      items_.push_back(organisation("bank-" + std::to_string(i), signer(60 + i)->public_key(), 0));
    items_.push_back(organisation("bank-9", signer(70)->public_key(), 2));  // left at height 2
    prove();
  }
  static void put(Bytes& out, std::uint32_t field, const Bytes& value) {
    out.push_back(static_cast<std::uint8_t>(field << 3 | 2));
    out.push_back(static_cast<std::uint8_t>(value.size()));
    out.insert(out.end(), value.begin(), value.end());
  }
  static ProvenItem organisation(const std::string& id, const PublicKey& key,
                                 std::uint8_t removed) {
    Bytes terms;
    put(terms, 1, to_bytes(id));
    put(terms, 2, to_bytes("its name"));
    put(terms, 9, Bytes(key.bytes.begin(), key.bytes.end()));
    ProvenItem item;
    item.item = to_bytes("organisation/" + id);
    put(item.value, 1, terms);
    if (removed != 0) item.value.insert(item.value.end(), {3 << 3, removed});
    return item;
  }
  // Height 2 is the last that is certified; its state is the members' list alone.
  void prove(const std::optional<NextSet>& handed_to = std::nullopt) {
    std::vector<StateItem> items;
    for (const ProvenItem& item : items_) items.push_back({item.item, item.value});
    ScopePath::Leaf leaf;
    leaf.path = scope_path("governance", as_bytes("organisations"));
    leaf.summary.object_root = object_root(items);
    leaf.summary.item_count = items.size();
    leaf.summary.change_count = items.size();
    SampleChain old;
    old.headers[2].state_root = scope_leaf_hash(leaf.path, leaf.summary);
    old.headers[2].next = handed_to;
    old.headers[3].ledger_root = merkle_root(old.ledger_leaves(3));
    record.last = old.headers[3];
    CertifiedMembers members;
    members.result = {old.headers[2], old.certify(old.headers[2])};
    members.on_last = merkle_path(old.ledger_leaves(3), 2);
    members.organisations = {{{}, leaf}, items_};
    record.members = members;
  }
  void sign_as(std::initializer_list<int> members) {
    record.signatures.clear();
    for (const int i : members)
      record.signatures.push_back(
          {OrgId("bank-" + std::to_string(i)),
           signer(static_cast<std::uint8_t>(i == 9 ? 70 : 60 + i))->sign(recovery_digest(record))});
  }
  std::vector<ProvenItem> items_;
};

TEST_F(ProvenMembers, R2_2_ThoseOfTheLedgerSign) {
  sign_as({0, 1, 3});
  EXPECT_EQ(judged(), "");
  sign_as({0, 1});
  EXPECT_NE(judged().find("3 must"), std::string::npos) << judged();
  sign_as({0, 1, 9});
  EXPECT_NE(judged().find("no member"), std::string::npos) << judged();  // it has left
  sign(3);                                                               // those of the genesis
  EXPECT_NE(judged(), "");
}

// Whoever has a quorum of keys that were retired long ago does not say who the members are.
TEST_F(ProvenMembers, R2_2_ByTheLastValidatorsOrThoseBefore) {
  const Hash32 hash = validator_set_hash(chain.genesis.chain_id, next);
  const std::vector<ValidatorSet> known = {chain.genesis.validators(), next};
  for (const bool handed_over : {false, true}) {
    prove(handed_over ? std::optional(NextSet{next.epoch, hash, Height(3)}) : std::nullopt);
    record.last.epoch = next.epoch;
    record.last.set_hash = hash;
    record.next.epoch = Epoch(2);
    sign_as({0, 1, 3});
    const auto judged = verify_recovery(record, chain.genesis, known, ed25519_verifier());
    EXPECT_EQ(judged.has_value(), handed_over);
  }
}

TEST_F(ProvenMembers, R2_2_TheirListIsProven) {
  items_.pop_back();  // another list than the state's
  record.members->organisations.items = items_;
  sign_as({0, 1, 3});
  EXPECT_NE(judged(), "");
  prove();
  record.members->result.certificate.signatures[0].bytes[0] ^= 1;
  sign_as({0, 1, 3});
  EXPECT_NE(judged(), "");
  prove();
  record.members->on_last.reset();
  sign_as({0, 1, 3});
  EXPECT_NE(judged(), "");
  prove();
  record.members->on_last->siblings[0].bytes[0] ^= 1;
  sign_as({0, 1, 3});
  EXPECT_NE(judged(), "");
  items_[0].value = to_bytes("not a record");
  prove();
  sign_as({1, 2, 3});
  EXPECT_NE(judged(), "");
}

}  // namespace
}  // namespace usance
