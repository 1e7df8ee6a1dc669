#include "node/core_loop.h"

#include <algorithm>

namespace usance::node {

namespace {

constexpr auto kTick = std::chrono::milliseconds(10);
constexpr std::uint64_t kStatusEveryMs = 250;

template <class... Ts>
struct Overload : Ts... {
  using Ts::operator()...;
};

}  // namespace

CoreLoop::CoreLoop(const consensus::Config& config, const consensus::Recovery& recovery,
                   const Clock& clock, CoreOutputs& outputs)
    : clock_(clock), outputs_(outputs), replica_(config, recovery) {
  publish_status();
}

CoreLoop::~CoreLoop() {
  stop();
}

void CoreLoop::start() {
  thread_ = std::thread([this] { run(); });
}

void CoreLoop::stop() {
  mailbox_.close();
  if (thread_.joinable()) thread_.join();
}

consensus::StatusReport CoreLoop::status() const {
  const std::lock_guard lock(status_mutex_);
  return status_;
}

void CoreLoop::publish_status() {
  consensus::StatusReport report = replica_.status(clock_.monotonic_ms());
  const std::lock_guard lock(status_mutex_);
  status_ = std::move(report);
}

void CoreLoop::run() {
  consensus::Outbox out;
  replica_.start(clock_.wall(), clock_.monotonic_ms(), out);
  act(out);
  std::vector<Arrival> arrivals;
  auto next_tick = std::chrono::steady_clock::now() + kTick;
  std::uint64_t last_status = 0;
  while (mailbox_.take_all(arrivals, next_tick)) {
    if (std::chrono::steady_clock::now() >= next_tick) {
      arrivals.push_back({consensus::Tick{}, nullptr});
      next_tick = std::chrono::steady_clock::now() + kTick;
    }
    const std::uint64_t now = clock_.monotonic_ms();
    const TimeMs wall = clock_.wall();
    for (auto& [event, charge] : arrivals) {
      if (const auto* durable = std::get_if<consensus::Durable>(&event)) {
        durable_ = std::max(durable_, durable->token);
        release_sends();
      }
      replica_.step(consensus::Input{wall, now, std::move(event)}, out);
      act(out);
    }
    if (!admissions_.empty()) outputs_.admissions(std::exchange(admissions_, {}));
    if (!evicted_.empty()) outputs_.evicted(std::exchange(evicted_, {}));
    if (now >= last_status + kStatusEveryMs) {
      last_status = now;
      publish_status();
    }
  }
}

void CoreLoop::act(consensus::Send& send) {
  if (send.after <= durable_)
    outputs_.send(send);
  else
    waiting_.push_back(std::move(send));
}

void CoreLoop::release_sends() {
  std::erase_if(waiting_, [this](const consensus::Send& send) {
    if (send.after > durable_) return false;
    outputs_.send(send);
    return true;
  });
}

void CoreLoop::act(consensus::Outbox& out) {
  for (consensus::Output& output : out) {
    std::visit(Overload{
                   [this](consensus::Send& o) { act(o); },
                   [this](consensus::Persist& o) { outputs_.persist(std::move(o)); },
                   [this](consensus::CheckBundles& o) { outputs_.check(std::move(o)); },
                   [this](consensus::Execute& o) { outputs_.execute(std::move(o)); },
                   [this](consensus::ResultCertified& o) { outputs_.certified(std::move(o)); },
                   [this](consensus::ServeBlocks& o) { outputs_.serve(o); },
                   [this](consensus::ServeResults& o) { outputs_.serve(o); },
                   [this](consensus::ServeResultParts& o) { outputs_.serve(o); },
                   [this](consensus::DropPeer& o) { outputs_.drop(o); },
                   [this](consensus::Admission& o) { admissions_.push_back(std::move(o)); },
                   [this](consensus::Evicted& o) { evicted_.push_back(std::move(o)); },
                   [this](consensus::EvidenceFound& o) { outputs_.evidence(o); },
                   [this](consensus::Halted& o) { outputs_.halted(o); },
                   [this](consensus::Diverged& o) { outputs_.diverged(std::move(o)); },
               },
               output);
  }
  out.clear();
}

}  // namespace usance::node
