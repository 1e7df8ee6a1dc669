#include "tools/usance-sim/world.h"

#include <algorithm>
#include <cstdio>

#include "base/hash.h"
#include "tools/usance-sim/keyed_hash.h"

namespace usance::sim {

using namespace consensus;  // messages and events throughout

namespace {

constexpr std::uint64_t kFaultPhaseMs = 120'000;  // virtual; the heights end it sooner
constexpr std::uint64_t kLivenessPhaseMs = 120'000;
// How often clients submit again in it what is not settled.
constexpr std::uint64_t kLivenessRounds = 6;
constexpr TimeMs kGenesisTime{1'700'000'000'000 - 1'000};

Parameters parameters() {
  Parameters p;
  p.block_interval_ms = 20;
  p.base_timeout_ms = 200;
  p.max_timeout_ms = kMaxTimeoutMs;
  p.request_timeout_ms = 200;
  return p;
}

// One line for what a node sends; empty for the hints that come all the time.
std::string describe(const Message& message, Token after) {
  const auto at = [](Height height, View view, const Hash32& hash) {
    return " " + std::to_string(height.value) + " view " + std::to_string(view.value) + " " +
           to_hex(hash).substr(0, 8);
  };
  const std::string token = after == 0 ? "" : " after record " + std::to_string(after);
  if (const auto* vote = std::get_if<Vote>(&message))
    return "sends " + std::string(to_string(vote->content.kind)) +
           at(vote->content.height, vote->content.view, vote->content.hash) + token;
  if (const auto* proposal = std::get_if<Proposal>(&message))
    return "proposes" + at(proposal->header.height, proposal->view, block_hash(proposal->header)) +
           token;
  if (const auto* change = std::get_if<ViewChange>(&message))
    return "asks for view " + std::to_string(change->change.content.view.value) + " after height " +
           std::to_string(change->change.content.last.value) +
           (change->lock ? ", locked in " + std::to_string(change->lock->content.view.value) : "") +
           token;
  if (const auto* begun = std::get_if<NewView>(&message))
    return "begins view " +
           std::to_string(
               begun->proof.changes.empty() ? 0 : begun->proof.changes.front().content.view.value) +
           token;
  return {};
}

PublicKey key_from(Random& random) {
  PublicKey key;
  for (auto& byte : key.bytes) byte = static_cast<std::uint8_t>(random.next());
  return key;
}

}  // namespace

Knobs Knobs::draw(Random& r, std::size_t faults) {
  Knobs k;
  // Each knob is off in part of the seeds, so that every fault is also seen alone.
  const auto sometimes = [&](std::uint64_t low, std::uint64_t high) {
    return r.chance(600) ? r.between(low, high) : 0;
  };
  k.loss = sometimes(1, 100);
  k.duplicate = sometimes(1, 50);
  k.slow = sometimes(1, 50);
  k.delay_min_ms = r.between(0, 5);
  k.delay_max_ms = k.delay_min_ms + r.between(1, 30);
  k.slow_max_ms = r.between(50, 1'000);
  k.fsync_max_ms = r.between(0, 8);
  k.fsync_stall = sometimes(1, 20);
  k.exec_max_ms = r.chance(800) ? r.between(0, 15) : r.between(30, 200);
  k.tick_ms = r.between(10, 25);
  k.partition_every_ms = sometimes(300, 4'000);
  k.crash_every_ms = sometimes(500, 6'000);
  k.pause_every_ms = sometimes(300, 4'000);
  k.clock_offset_ms = sometimes(1, 200);
  k.clock_step_every_ms = r.chance(200) ? r.between(1'000, 5'000) : 0;
  k.submit_every_ms = r.between(5, 60);
  k.waiting = r.chance(800) ? r.between(4, 40) : r.between(40, 400);
  k.liars = r.chance(700) ? r.between(1, faults) : 0;
  k.follower = r.chance(400);
  k.govern_every_ms = sometimes(100, 1'500);
  k.spares = k.govern_every_ms != 0 ? r.below(3) : 0;
  k.timers = sometimes(1, 12);
  k.die_per_million = sometimes(50, 1'000);
  k.full_every_ms = r.chance(300) ? r.between(1'000, 6'000) : 0;
  k.forgetful = k.liars < faults && r.chance(600);
  // Memory is lost in a crash.
  if (k.forgetful && k.crash_every_ms == 0) k.crash_every_ms = r.between(500, 6'000);
  k.ends_noticed = r.chance(700);
  k.stream_ends_every_ms = sometimes(300, 4'000);
  return k;
}

World::World(const Options& options)
    : options_(options),
      random_(options.seed * 1'000 + options.nodes),
      knobs_(options.twins ? Knobs::twins(faults_tolerated(options.nodes))
                           : Knobs::draw(random_, faults_tolerated(options.nodes))),
      rekeying_(options.seed * 1'000 + options.nodes + 500),
      joining_(options.seed * 1'000 + options.nodes + 250) {
  if (!options.twins && joining_.chance(300))
    knobs_.snapshot_every_ms = joining_.between(1'000, 20'000);
  make_members();
}

std::shared_ptr<const Signer> World::make_signer(Random& random) const {
  const PublicKey bytes = key_from(random);
  if (!real_) return std::make_shared<KeyedHashSigner>(bytes);
  SecretSeed seed;
  seed.bytes = bytes.bytes;
  return ed25519_signer(seed);
}

// One organisation per node, spares and the follower included.
Genesis World::make_genesis() const {
  Genesis genesis;
  genesis.chain_id = chain_;
  genesis.network = "simulated";
  genesis.time = kGenesisTime;
  genesis.parameters = parameters();
  for (std::size_t i = 0; i < members_.size(); ++i) {
    GenesisOrganisation org;
    org.id = governors_[i].org;
    org.name = org.id.value;
    org.country = "CH";
    org.roles = {"bank"};
    org.governance_key = governors_[i].signer->public_key();
    org.recovery_key.bytes = sha256(as_bytes("recovery " + org.id.value)).bytes;
    for (const User& user : users_)
      if (user.org == org.id) org.users.push_back({"maker", user.signer->public_key(), {"maker"}});
    genesis.organisations.push_back(std::move(org));
    genesis.nodes.push_back({static_cast<std::uint32_t>(i + 1), "node-" + std::to_string(i + 1),
                             governors_[i].org, i < options_.nodes, members_[i]->public_key(),
                             sha256(as_bytes("tls " + std::to_string(i)))});
  }
  return genesis;
}

void World::make_members() {
  real_ = options_.real_signatures || options_.seed % 100 == 99;
  verifier_ = real_ ? &ed25519_verifier() : &keyed_hash_verifier();
  chain_ = sha256(as_bytes("usance-sim"));
  const std::size_t voting = options_.nodes + knobs_.spares;
  const std::size_t all = voting + (knobs_.follower ? 1 : 0);
  for (std::size_t i = 0; i < all; ++i) {
    members_.push_back(make_signer());
    governors_.push_back({OrgId("org-" + std::to_string(i)), make_signer(), Height{}, false});
  }
  for (std::size_t i = 0; i < 3; ++i)
    users_.push_back({governors_[i].org, make_signer(), Height{}, false});
  const Genesis genesis = make_genesis();
  set_ = genesis.validators();
  std::vector<TimeMs> timers;
  timers.reserve(knobs_.timers);
  for (std::size_t i = 0; i < knobs_.timers; ++i)
    timers.push_back(TimeMs(kGenesisTime.value + 1'000 + random_.below(60'000)));
  chain_state_ = std::make_shared<Chain>(genesis, timers, *verifier_);

  std::set<std::size_t> liars;
  std::set<PublicKey> liars_keys;
  if (options_.twins) liars = twin_members();
  while (liars.size() < knobs_.liars) liars.insert(random_.below(options_.nodes));
  for (const std::size_t liar : liars) liars_keys.insert(members_[liar]->public_key());
  checker_ =
      std::make_unique<Checker>(chain_, set_, *verifier_, liars_keys, chain_state_->genesis());
  for (std::size_t i = 0; i < voting; ++i) add_process(i, true, liars.contains(i));
  for (const std::size_t liar : liars)
    if (lies_[liar].twin) add_process(liar, true, true);
  if (knobs_.follower) {
    follower_ = processes_.size();
    add_process(all - 1, false, false);
  }
  if (knobs_.forgetful) {
    do forgetful_ = random_.below(options_.nodes);
    while (liars.contains(*forgetful_));
  }
  const std::size_t n = processes_.size();
  cut_.assign(n, std::vector<bool>(n, false));
  hears_.assign(n, std::vector<bool>(n, true));
  frozen_.assign(n, false);
}

void World::add_process(std::size_t member, bool votes, bool liar) {
  Lies lies;
  if (liar && options_.twins) {
    lies.twin = true;
  } else if (liar) {
    const bool second = processes_.size() >= options_.nodes;
    lies.twin = second || random_.chance(500);
    lies.withhold = random_.chance(400);
    lies.replay = random_.chance(400);
    lies.huge_views = random_.chance(250);
    lies.forge = random_.chance(400);
    lies.wrong_results = random_.chance(250);
    lies.forget = random_.chance(250);
    lies.usurp = random_.chance(400);
    lies.forge_votes = random_.chance(400);
    lies.censor = random_.chance(300);
    lies.wrong_clock = random_.chance(250);
  }
  lies_.push_back(lies);
  Identity identity{processes_.size(), members_[member]->public_key(),
                    votes ? members_[member] : nullptr, liar,
                    lies.wrong_results && random_.chance(200)};
  Disk disk{Ledger(chain_state_)};
  Config config;
  config.chain = chain_;
  config.genesis_result = result_hash(disk.ledger.genesis_result());
  config.self = identity.key;
  config.signer = identity.signer.get();
  config.verifier = verifier_;
  processes_.push_back(
      std::make_unique<Process>(*this, std::move(identity), config, Recovery{}, std::move(disk)));
  if (lies.wrong_clock)
    processes_.back()->set_clock(static_cast<std::int64_t>(random_.below(20'000)) - 5'000);
  else if (random_.chance(600) && knobs_.clock_offset_ms != 0)
    processes_.back()->set_clock(
        static_cast<std::int64_t>(random_.below(2 * knobs_.clock_offset_ms)) -
        static_cast<std::int64_t>(knobs_.clock_offset_ms));
}

void World::after(std::uint64_t delay_ms, std::function<void()> action) {
  queue_.push_back(Scheduled{now_ + delay_ms, order_++, std::move(action)});
  std::push_heap(queue_.begin(), queue_.end());
}

bool World::run_until(std::uint64_t time, const std::function<bool()>& done) {
  std::uint64_t look_at = now_;
  while (!queue_.empty() && queue_.front().at <= time) {
    std::pop_heap(queue_.begin(), queue_.end());
    Scheduled next = std::move(queue_.back());
    queue_.pop_back();
    now_ = next.at;
    next.action();
    if (!chain_state_->failure().empty()) checker_->broke(chain_state_->failure());
    if (!checker_->failure().empty()) return false;
    if (now_ >= look_at) {
      if (done()) return true;
      check_timeouts();
      look_at = now_ + 100;
      if (options_.verbose && now_ / 2'000 != (now_ + 100) / 2'000) note(0, "state:" + unsettled());
    }
  }
  now_ = time;
  return done();
}

void World::digest(std::uint64_t value) {
  digest_ = (digest_ ^ value) * 0x100000001b3u;
  digest_ ^= digest_ >> 29;
}

void World::count_step(std::size_t process, std::uint64_t kind) {
  steps_ += 1;
  digest(now_ * 64 + process * 8 + kind);
}

void World::note(std::size_t process, const std::string& line) {
  if (options_.verbose && !line.empty())
    std::printf("%9llu ms  %zu  %s\n", static_cast<unsigned long long>(now_), process,
                line.c_str());
}

bool World::honest(const PublicKey& peer) const {
  if (peer == new_public_) return true;
  for (const auto& process : processes_)
    if (process->identity().key == peer) return !process->identity().liar;
  return false;
}

// The follower knows one validator, and is known by it alone: one that does not lie and whose
// ledger does not begin after what the follower lacks, which its operator could not tell from a
// liar.
bool World::linked(std::size_t from, std::size_t to) const {
  if (from == to || cut_[from][to]) return false;
  if (!hears_[from][to] || !hears_[to][from]) return false;
  if (!follower_ || (from != *follower_ && to != *follower_)) {
    // Twins do not talk to each other: they share a key.
    return processes_[from]->identity().key != processes_[to]->identity().key;
  }
  const std::size_t other = from == *follower_ ? to : from;
  const Height has = processes_[*follower_]->disk().ledger.height();
  std::size_t uplink = 0;
  while (processes_[uplink]->identity().liar || frozen_[uplink] ||
         processes_[uplink]->disk().ledger.base() > has)
    ++uplink;
  return other == uplink;
}

void World::transmit(std::size_t from, const Send& send) {
  auto decoded = decode_message(*send.bytes);
  if (!decoded)
    return checker_->broke("a message that does not decode: " + decoded.error().message);
  Packet packet = std::make_shared<const Message>(*std::move(decoded));
  const Identity& sender = processes_[from]->identity();
  messages_ += 1;
  if (options_.verbose) note(from, describe(*packet, send.after));
  digest(send.bytes->size() * 8 + from);
  digest((*send.bytes)[send.bytes->size() / 2] + ((*send.bytes)[send.bytes->size() - 1] << 8));
  if (!sender.liar && sender.signer)
    checker_->sent(sender.key, *packet, processes_[from]->disk(), processes_[from]->wall());
  if (std::holds_alternative<Proposal>(*packet)) last_proposal_ = packet;
  if (sender.liar) packet = lie(from, packet);
  if (heard_.size() < 64) {
    heard_.push_back(packet);
  } else if (random_.chance(20)) {
    heard_[random_.below(heard_.size())] = packet;
  }
  const ValidatorSet& set = processes_[from]->replica().validators();
  for (std::size_t to = 0; to < processes_.size(); ++to) {
    const Identity& receiver = processes_[to]->identity();
    const PublicKey& known = known_as(to, from);
    const bool validator = set.index_of(known).has_value();
    const bool meant = send.audience == Audience::kAll ||
                       (send.audience == Audience::kPeer && known == send.peer) ||
                       (send.audience == Audience::kValidators && validator) ||
                       (send.audience == Audience::kFollowers && !validator);
    if (!meant || !linked(from, to)) continue;
    if (sender.liar && lies_[from].withhold && random_.chance(400)) continue;
    if (receiver.liar && lies_[to].censor && std::holds_alternative<BundleGossip>(*packet) &&
        std::get<BundleGossip>(*packet).raw.back() % 2 == 0)
      continue;
    if (receiver.liar && lies_[to].forge && std::holds_alternative<FetchBlocks>(*packet)) {
      answer_forged(to, from, std::get<FetchBlocks>(*packet));
      continue;
    }
    deliver(from, to, packet);
    if (random_.chance(knobs_.duplicate)) deliver(from, to, packet);
  }
}

void World::deliver(std::size_t from, std::size_t to, const Packet& packet) {
  if (random_.chance(knobs_.loss)) return;
  std::uint64_t delay = random_.between(knobs_.delay_min_ms, knobs_.delay_max_ms);
  if (random_.chance(knobs_.slow)) delay += random_.below(knobs_.slow_max_ms);
  after(delay, [this, from, to, packet] {
    if (cut_[from][to]) return;  // in flight when the link went down
    processes_[to]->receive(known_as(from, to), packet);
  });
}

const PublicKey& World::known_as(std::size_t slot, std::size_t by) const {
  const PublicKey& first = processes_[slot]->identity().key;
  if (slot != forgetful_ || !new_public_ || !processes_[by]->alive()) return first;
  return processes_[by]->replica().validators().index_of(*new_public_) ? *new_public_ : first;
}

Outcome World::run() {
  for (auto& process : processes_) after(random_.below(200), [&process] { process->start(); });
  if (options_.twins) {
    schedule_twins();
  } else {
    schedule_faults();
  }
  Outcome out;
  run_until(options_.twins ? kTwinsPhaseMs : kFaultPhaseMs,
            [&] { return certified_.value >= options_.heights; });
  if (checker_->failure().empty()) {
    heal();
    // A node that is still behind refuses what it cannot judge yet; a client tries again elsewhere.
    bool done = false;
    for (std::uint64_t round = 0; round < kLivenessRounds && !done; ++round) {
      if (round != 0) submit_again();
      done = run_until(now_ + kLivenessPhaseMs / kLivenessRounds, [&] { return settled(); });
    }
    if (!done)
      checker_->broke("liveness: after 120 virtual seconds without new faults " + unsettled());
  }
  out.passed = checker_->failure().empty();
  out.failure = checker_->failure();
  if (!out.passed) out.failure += " (at " + std::to_string(now_) + " ms)";
  out.heights = certified_.value;
  out.steps = steps_;
  out.messages = messages_;
  out.virtual_ms = now_;
  out.transactions = checker_->transactions();
  out.epochs = current().epoch.value;
  out.succeeded = chain_state_->count(ReceiptStatus::kOk);
  out.rekeyed = checker_->rekeyed();
  out.snapshots = snapshots_;
  for (const auto& process : processes_)
    if (process->alive())
      out.views = std::max(out.views, process->replica().status(process->mono()).view.value);
  digest(out.heights);
  out.digest = digest_;
  return out;
}

Outcome simulate(const Options& options) {
  return World(options).run();
}

}  // namespace usance::sim
