// Peer messages into a Replica whose verifier believes everything, so that what lies behind the
// signatures is reached, too: it never aborts, and it answers within bounds. The input is a list
// of (operation, length, bytes); some fields are repaired so that messages fit the replica's state.
#include "base/hash.h"
#include "consensus/replica.h"

namespace {

using namespace usance;
using namespace usance::consensus;

struct Credulous final : Verifier {
  bool verify(const PublicKey&, const Hash32&, const Signature&) const override { return true; }
};

struct Mute final : Signer {
  PublicKey key;
  PublicKey public_key() const override { return key; }
  Signature sign(const Hash32& digest) const override {
    Signature out;
    std::copy(digest.bytes.begin(), digest.bytes.end(), out.bytes.begin());
    return out;
  }
};

struct Fixture {
  explicit Fixture(bool votes) {
    chain = sha256(as_bytes("fuzz"));
    for (std::uint32_t i = 0; i < 4; ++i) {
      Validator v{i + 1, OrgId("org"), {}};
      v.key.bytes.fill(static_cast<std::uint8_t>(i + 1));
      set.validators.push_back(v);
    }
    genesis = genesis_block_header(chain, TimeMs(1'000));
    result.chain = chain;
    result.block = block_hash(genesis);
    signer.key = set.validators[1].key;
    Config config;
    config.chain = chain;
    config.genesis_result = result_hash(result);
    config.self = signer.key;
    config.signer = votes ? &signer : nullptr;
    config.verifier = &verifier;
    Recovery recovery;
    recovery.sets.push_back({Height{}, set});
    recovery.parameters.push_back({Height{}, Parameters{}});
    recovery.head = genesis;
    recovery.head_result = result;
    recovery.head_result_hash = config.genesis_result;
    recovery.boot_nonce = 7;
    replica.emplace(config, recovery);
    parent = block_hash(genesis);
    Outbox out;
    replica->start(TimeMs(2'000), now, out);
    Status status;
    status.echo = 7;
    for (const std::size_t peer : {0u, 2u, 3u}) deliver(peer, status);
  }

  void deliver(std::size_t peer, Message message) {
    step(MessageReceived{set.validators[peer].key,
                         std::make_shared<const Message>(std::move(message))});
  }

  void step(consensus::Event event) {
    Outbox out;
    replica->step(Input{TimeMs(2'000 + now), now, std::move(event)}, out);
    USANCE_INVARIANT(out.size() < 1'000);
    for (Output& output : out) {
      if (auto* persist = std::get_if<Persist>(&output)) {
        step(Durable{persist->token});
      } else if (auto* check = std::get_if<CheckBundles>(&output)) {
        BundlesChecked answer{check->ticket, {}};
        for (const Bytes& raw : check->bundles) {
          auto checked = CheckedBundle::decode_certified(chain, raw);
          answer.bundles.push_back(
              checked ? std::make_shared<const CheckedBundle>(*std::move(checked)) : nullptr);
        }
        step(std::move(answer));
      } else if (auto* execute = std::get_if<Execute>(&output)) {
        parent = execute->block->hash;
        height = execute->block->header.height;
        ResultHeader header = result;
        header.height = height;
        header.block = parent;
        executed.push_back(header);
      }
    }
    while (!executed.empty() && halting++ < 64) {
      const ResultHeader header = executed.front();
      executed.erase(executed.begin());
      step(Executed{header, result_hash(header), std::nullopt, {}, std::nullopt});
    }
  }

  // Makes a message speak of the open height.
  void repair(Message& message) {
    if (auto* p = std::get_if<Proposal>(&message)) {
      p->header.chain = chain;
      p->header.height = height.next();
      p->header.parent = parent;
      p->header.time = TimeMs(2'000 + now);
      p->header.body_root = body_root(p->body);
      p->header.certified = ResultRef{Height{}, result_hash(result)};
      p->header.epoch = Epoch{};
      p->signer = set.leader(p->view, p->header.height);
      p->header.view = p->view;
      p->header.proposer = p->signer;
      if (p->parent) p->parent->content = {VoteKind::kCommit, Epoch{}, View{}, height, parent};
      last = block_hash(p->header);
    } else if (auto* vote = std::get_if<Vote>(&message)) {
      vote->content.epoch = Epoch{};
      vote->content.height = height.next();
      vote->content.hash = last;
      vote->signer %= 4;
    } else if (auto* change = std::get_if<ViewChange>(&message)) {
      change->change.content.epoch = Epoch{};
      change->change.signer %= 4;
      if (height.value == 0) change->change.content.last = Height{};
    }
  }

  ChainId chain;
  ValidatorSet set;
  BlockHeader genesis;
  ResultHeader result;
  Credulous verifier;
  Mute signer;
  std::optional<Replica> replica;
  std::uint64_t now = 1;
  Hash32 parent, last;
  Height height;
  std::vector<ResultHeader> executed;
  int halting = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Fixture fixture((data[0] & 1) != 0);
  for (std::size_t at = 1; at + 3 <= size;) {
    const std::uint8_t operation = data[at];
    const std::size_t length =
        std::min<std::size_t>(data[at + 1] | (data[at + 2] << 8), size - at - 3);
    const usance::ByteView bytes(data + at + 3, length);
    at += 3 + length;
    fixture.halting = 0;
    if (operation >= 0xdc && operation < 0xe0) {
      fixture.step(usance::consensus::PeerGone{fixture.set.validators[operation & 3].key});
      continue;
    }
    if (operation >= 0xe0) {
      fixture.now += 10 * (operation - 0xdf);
      fixture.step(usance::consensus::Tick{});
      continue;
    }
    auto message = usance::consensus::decode_message(bytes);
    if (!message) continue;
    if (operation & 4) fixture.repair(*message);
    fixture.deliver(operation & 3, *std::move(message));
  }
  (void)fixture.replica->status(fixture.now);
  return 0;
}
