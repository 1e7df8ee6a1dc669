#include "tools/usance-sim/process.h"

#include <algorithm>

#include "consensus/divergence.h"
#include "consensus/mutation.h"

namespace usance::sim {

using namespace consensus;  // this file is about its outputs

namespace {

constexpr std::uint64_t kGenesisMs = 1'700'000'000'000;

}  // namespace

Process::Process(Host& host, Identity identity, Config config, Recovery genesis, Disk disk)
    : host_(host),
      identity_(std::move(identity)),
      config_(config),
      genesis_(std::move(genesis)),
      empty_(disk),
      disk_(std::move(disk)) {}

std::uint64_t Process::mono() const {
  return host_.now() - started_at_ + 1;
}

void Process::later(std::uint64_t delay_ms, std::function<void()> action) {
  host_.after(delay_ms, [this, incarnation = incarnation_, action = std::move(action)] {
    if (incarnation != incarnation_ || !alive()) return;
    if (host_.now() < paused_until_) {
      later(paused_until_ - host_.now(), action);
    } else {
      action();
    }
  });
}

void Process::start() {
  incarnation_ += 1;
  started_at_ = host_.now();
  Recovery recovery = genesis_;
  disk_.recover(recovery);
  recovery.boot_nonce = host_.random().next() | 1;
  durable_ = disk_.sequence;
  disk_busy_until_ = executor_busy_until_ = host_.now();
  replica_ = std::make_unique<Replica>(config_, recovery);
  host_.note(identity_.slot, "starts with ledger " + std::to_string(disk_.ledger.height().value) +
                                 ", record " + std::to_string(disk_.sequence));
  outbox_.clear();
  replica_->start(TimeMs(kGenesisMs + host_.now()), mono(), outbox_);
  Outbox out = std::move(outbox_);
  outbox_ = {};
  for (Output& output : out) handle(output);
  later(1 + host_.random().below(host_.knobs().tick_ms), [this] { tick(); });
}

void Process::crash(bool wipe) {
  if (!alive()) return;
  // A batch under way may have got its blocks to the disk, but not its record.
  if (!syncing_.empty() && host_.random().chance(300)) disk_.apply(syncing_.front(), false);
  host_.note(identity_.slot, wipe ? "crashes and is wiped" : "crashes");
  host_.crashed(identity_.slot);
  replica_.reset();
  incarnation_ += 1;
  held_.clear();
  syncing_.clear();
  executing_.clear();
  unsynced_results_.clear();
  if (wipe) disk_ = empty_;
}

void Process::tick() {
  step(Tick{});
  if (alive()) later(host_.knobs().tick_ms, [this] { tick(); });
}

void Process::step(consensus::Event event) {
  if (!alive()) return;
  host_.count_step(identity_.slot, event.index());
  const bool quiet = std::holds_alternative<Tick>(event);
  Outbox out;
  std::swap(out, outbox_);
  out.clear();
  replica_->step(Input{wall(), mono(), std::move(event)}, out);
  // A crash between two outputs.
  std::size_t upto = out.size();
  const bool dying = !quiet && !identity_.liar && !out.empty() &&
                     host_.random().below(1'000'000) < host_.knobs().die_per_million;
  if (dying) upto = host_.random().below(out.size() + 1);
  for (std::size_t i = 0; i < upto && alive(); ++i) handle(out[i]);
  out.clear();
  std::swap(out, outbox_);
  if (dying && alive()) crash_and_return();
}

void Process::crash_and_return() {
  crash(false);
  host_.after(20 + host_.random().below(800), [this] {
    if (!alive() && !host_.frozen(identity_.slot)) start();
  });
}

bool Process::dies() {
  if (identity_.liar || host_.random().below(1'000'000) >= host_.knobs().die_per_million)
    return false;
  crash_and_return();
  return true;
}

TimeMs Process::wall() const {
  return TimeMs(static_cast<std::uint64_t>(static_cast<std::int64_t>(kGenesisMs + host_.now()) +
                                           clock_offset_));
}

void Process::fill_disk(std::uint64_t until) {
  host_.note(identity_.slot, "has a full disk");
  disk_busy_until_ = std::max(disk_busy_until_, until);
  executor_busy_until_ = std::max(executor_busy_until_, until);
}

void Process::peer_gone(const PublicKey& peer) {
  if (!alive()) return;
  if (host_.now() < paused_until_)
    return later(paused_until_ - host_.now(), [this, peer] { peer_gone(peer); });
  step(PeerGone{peer});
}

void Process::receive(const PublicKey& from, const std::shared_ptr<const Message>& message) {
  if (!alive()) return;
  if (host_.now() < paused_until_) {
    later(paused_until_ - host_.now(), [this, from, message] { receive(from, message); });
    return;
  }
  if (const auto* gossip = std::get_if<BundleGossip>(message.get())) {
    if (auto bundle = host_.checked(gossip->raw, true)) step(BundleAdmitted{bundle, from});
    return;
  }
  step(MessageReceived{from, message});
}

void Process::submit(const BundlePtr& bundle) {
  step(BundleAdmitted{bundle, std::nullopt});
}

void Process::handle(Output& output) {
  if (auto* send = std::get_if<Send>(&output)) {
    if (send->after > durable_) {
      held_.push_back(std::move(*send));
    } else {
      leave(*send);
    }
  } else if (auto* stored = std::get_if<Persist>(&output)) {
    persist(*stored);
  } else if (auto* bundles = std::get_if<CheckBundles>(&output)) {
    check(*bundles);
  } else if (auto* execution = std::get_if<Execute>(&output)) {
    execute(*execution);
  } else if (auto* result = std::get_if<ResultCertified>(&output)) {
    host_.note(identity_.slot, "certified " + std::to_string(result->height.value));
    if (!identity_.liar) {
      host_.checker().certified(identity_.slot, identity_.key, *result);
      host_.certified(result->height);
    }
    unsynced_results_.push_back(*result);
  } else if (auto* blocks = std::get_if<ServeBlocks>(&output)) {
    serve(*blocks);
  } else if (auto* results = std::get_if<ServeResults>(&output)) {
    serve(*results);
  } else if (auto* parts = std::get_if<ServeResultParts>(&output)) {
    if (parts->height > disk_.ledger.base())
      reply(parts->peer, disk_.ledger.at(parts->height).parts());
  } else if (auto* diverged = std::get_if<Diverged>(&output)) {
    compare(*diverged);
  } else if (auto* evidence = std::get_if<EvidenceFound>(&output)) {
    host_.note(identity_.slot, "keeps evidence of a contradiction");
    if (!identity_.liar) host_.checker().accused(identity_.slot, evidence->evidence);
  } else if (auto* halt = std::get_if<Halted>(&output)) {
    host_.note(identity_.slot, "halts: " + halt->reason);
    if (!identity_.liar) host_.checker().halted(identity_.slot, *halt);
  } else if (auto* drop = std::get_if<DropPeer>(&output)) {
    host_.note(identity_.slot, "drops " + to_hex(drop->peer).substr(0, 8) + ": " + drop->reason);
    if (!identity_.liar)
      host_.checker().dropped(identity_.slot, to_hex(drop->peer).substr(0, 8),
                              host_.honest(drop->peer), drop->reason);
  }
}

void Process::leave(const Send& send) {
  host_.transmit(identity_.slot, send);
}

void Process::release_sends() {
  // In their order; those of one record become free together.
  std::deque<Send> still;
  for (Send& send : held_) {
    if (send.after <= durable_) {
      leave(send);
    } else {
      still.push_back(std::move(send));
    }
  }
  held_ = std::move(still);
}

void Process::persist(const Persist& persist) {
  const Knobs& knobs = host_.knobs();
  std::uint64_t delay = host_.random().below(knobs.fsync_max_ms + 1);
  if (host_.random().chance(knobs.fsync_stall)) delay += 50 + host_.random().below(800);
  disk_busy_until_ = std::max(disk_busy_until_, host_.now()) + delay;
  syncing_.push_back(persist);
  if (mutated(Mutation::kNoFsync))
    later(0, [this, token = persist.token] { report_durable(token); });
  later(disk_busy_until_ - host_.now(), [this] {
    const Persist done = std::move(syncing_.front());
    syncing_.pop_front();
    disk_.apply(done, true);
    if (mutated(Mutation::kNoFsync) || dies()) return;
    report_durable(done.token);
  });
}

void Process::report_durable(consensus::Token token) {
  durable_ = token;
  release_sends();
  step(Durable{token});
}

void Process::check(const CheckBundles& request) {
  later(1, [this, request] {
    BundlesChecked answer{request.ticket, {}};
    for (const Bytes& raw : request.bundles)
      answer.bundles.push_back(host_.checked(raw, request.signatures));
    step(std::move(answer));
  });
}

void Process::execute(const Execute& execution) {
  if (!identity_.liar) host_.checker().decided(identity_.slot, identity_.key, execution, disk_);
  host_.note(identity_.slot, "decided " + std::to_string(execution.block->header.height.value) +
                                 " " + to_hex(execution.block->hash).substr(0, 8) + " view " +
                                 std::to_string(execution.commit.content.view.value));
  const std::uint64_t delay = host_.random().below(host_.knobs().exec_max_ms + 1);
  executor_busy_until_ = std::max(executor_busy_until_, host_.now()) + delay;
  executing_.push_back(execution);
  later(executor_busy_until_ - host_.now(), [this] { finish_execution(); });
}

void Process::finish_execution() {
  if (executing_.empty()) return;
  const LedgerEntry& entry = disk_.ledger.apply(executing_.front(), identity_.wrong_results);
  executing_.pop_front();
  for (const ResultCertified& result : unsynced_results_)
    disk_.ledger.certify(result.height, result.certificate);
  unsynced_results_.clear();
  disk_.forget_executed();
  if (!identity_.liar) host_.checker().executed(identity_.slot, entry);
  if (dies()) return;
  step(consensus::Executed{entry.result, entry.result_hash, entry.executed->parameters,
                           entry.executed->keys, entry.executed->next_set});
}

void Process::reply(const PublicKey& to, const Message& message) {
  leave(Send{Audience::kPeer, to, std::make_shared<const Bytes>(encode_message(message)), 0});
}

void Process::serve(const ServeBlocks& request) {
  if (request.from <= disk_.ledger.base()) return;
  Blocks blocks;
  for (Height h = request.from;
       h <= disk_.ledger.height() && h.value < request.from.value + request.count &&
       blocks.blocks.size() < kMaxSyncBlocks;
       h = h.next()) {
    const LedgerEntry& entry = disk_.ledger.at(h);
    blocks.blocks.push_back(SyncedBlock{Block{entry.block->header, entry.block->body()},
                                        entry.commit, entry.certificate});
  }
  if (!blocks.blocks.empty()) reply(request.peer, blocks);
}

// Of an honest node that halts the checker has heard already: this is the liar's with the damaged
// executor, and the report must name the receipt that was damaged.
void Process::compare(const Diverged& diverged) {
  const LedgerEntry& entry = disk_.ledger.at(diverged.certified.header.height);
  const std::string what = first_difference(entry.parts(), diverged.certified);
  host_.note(identity_.slot, "finds that " + what);
  host_.checker().diverged(identity_.slot, entry, what);
  later(0, [this, what] { step(DifferenceFound{what}); });
}

// As in the daemon a certificate is there to be served before it is sure to outlive a crash.
const Certificate* Process::certificate_of(Height height) const {
  if (height <= disk_.ledger.certified()) return &*disk_.ledger.at(height).certificate;
  const auto found = std::ranges::find(unsynced_results_, height, &ResultCertified::height);
  return found == unsynced_results_.end() ? nullptr : &found->certificate;
}

void Process::serve(const ServeResults& request) {
  if (request.from <= disk_.ledger.base()) return;
  Results results;
  for (Height h = request.from; results.certificates.size() < request.count; h = h.next()) {
    const Certificate* const certificate = certificate_of(h);
    if (certificate == nullptr) break;
    results.certificates.push_back(*certificate);
  }
  if (!results.certificates.empty()) reply(request.peer, results);
}

}  // namespace usance::sim
