#include "tools/usance/bench_load.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "proto/bytes.h"
#include "proto/status.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::cli {

namespace {

using Clock = std::chrono::steady_clock;
using Instant = Clock::time_point;

constexpr std::size_t kSignedAheadBytes = 96 * 1024 * 1024;  // in all
constexpr std::size_t kMaxItemsPerMessage = 64;
constexpr std::size_t kMaxStreamMessageBytes = 1024 * 1024;
constexpr std::int64_t kDrainMs = 15'000;

// One sender's stream: a thread that writes, one that reads, one that signs.
class Stream {
 public:
  Stream(const BenchSender& sender, Client client, const LoadPlan& plan, std::size_t streams,
         Height now)
      : sender_(sender), client_(std::move(client)), plan_(plan), streams_(streams), now_(now) {}

  // A block holds so many transactions as their gas limits fit in: the limit is twice of what the
  // call uses now, not the network's bound.
  Outcome<void> find_gas_limit() {
    CLI_ASSIGN(const SimulatedCall tried, simulate(client_, sender_.call(0)));
    gas_limit_ = std::min(2 * tried.receipt.gas_used + 10'000,
                          client_.genesis().parameters.max_transaction_gas);
    return {};
  }

  // Signs bundles until the share of memory is full or enough for the whole run.
  void sign_ahead() {
    std::size_t bytes = 0;
    const std::size_t most = kSignedAheadBytes / streams_;
    while (bytes < most && !enough_signed()) {
      std::string bundle = sign_one();
      bytes += bundle.size();
      ready_.push_back(std::move(bundle));
    }
  }

  Outcome<void> open() {
    stub_ = std::make_unique<v1::TransactionService::Stub>(client_.channel());
    context_.set_deadline(
        std::chrono::system_clock::now() +
        std::chrono::milliseconds(plan_.warm_up_ms + plan_.duration_ms + 2 * kDrainMs));
    stream_ = stub_->SubmitStream(&context_);
    return {};
  }

  void run(Instant start, Instant measure_from, Instant measure_to) {
    measure_from_ = measure_from;
    measure_to_ = measure_to;
    std::thread reader([this] { read_outcomes(); });
    write_until(start, measure_to);
    // What is still under way may come back; it is not counted.
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, std::chrono::milliseconds(kDrainMs),
                        [this] { return pending_.empty() || closed_; });
    }
    stream_->WritesDone();
    context_.TryCancel();
    reader.join();
    static_cast<void>(stream_->Finish());
  }

  void add_to(LoadResult& result) const {
    result.transactions += transactions_;
    result.failed += failed_;
    result.refused += refused_;
    if (result.first_problem.empty()) result.first_problem = first_problem_;
    result.latency_us.insert(result.latency_us.end(), latency_us_.begin(), latency_us_.end());
  }

 private:
  // An open loop sends a known number; a closed loop cannot know, so memory bounds it.
  [[nodiscard]] bool enough_signed() const {
    if (plan_.rate <= 0) return false;
    const double seconds = static_cast<double>(plan_.warm_up_ms + plan_.duration_ms) / 1000.0;
    return static_cast<double>(ready_.size()) * plan_.bundle >=
           plan_.rate * seconds / static_cast<double>(streams_);
  }

  std::string sign_one() {
    std::vector<Transaction> transactions;
    transactions.reserve(plan_.bundle);
    for (std::uint32_t i = 0; i < plan_.bundle; ++i) {
      CallPlan call = sender_.call(next_++);
      call.gas_limit = gas_limit_;
      call.valid_for_blocks = static_cast<std::int64_t>(limits::kReplayHorizon) * 3 / 4;
      transactions.push_back(
          make_transaction(sender_.profile(), sender_.signer().public_key(), call, now_));
    }
    return proto::canonical(
        sign_bundle(client_.chain(), std::move(transactions), sender_.signer()));
  }

  // How many bundles may be sent now, waiting until there is one; 0 when the stream has ended.
  std::size_t may_send(Instant start, Instant end, Instant& due) {
    if (plan_.rate > 0) {
      const double per_bundle = plan_.bundle * static_cast<double>(streams_) / plan_.rate;
      due = start + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(per_bundle * static_cast<double>(sent_)));
      if (due >= end) return 0;
      std::this_thread::sleep_until(due);
      std::lock_guard lock(mutex_);
      return closed_ ? 0 : 1;
    }
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, end, [this] { return pending_.size() < plan_.in_flight || closed_; });
    if (closed_ || Clock::now() >= end) return 0;
    due = Clock::now();
    return plan_.in_flight - std::min<std::size_t>(pending_.size(), plan_.in_flight);
  }

  void write_until(Instant start, Instant end) {
    v1::SubmitStreamRequest request;
    request.set_statuses_only(true);
    for (;;) {
      Instant due;
      const std::size_t room = may_send(start, end, due);
      if (room == 0) return;
      std::size_t bytes = 0;
      {
        std::lock_guard lock(mutex_);
        for (std::size_t i = 0;
             i < std::min(room, kMaxItemsPerMessage) && bytes < kMaxStreamMessageBytes; ++i) {
          auto* item = request.add_items();
          item->set_sequence(sent_);
          if (ready_.empty()) {
            item->set_bundle(sign_one());
          } else {
            item->set_bundle(std::move(ready_.front()));
            ready_.pop_front();
          }
          bytes += item->bundle().size();
          pending_.emplace(sent_++, due);
        }
      }
      if (!stream_->Write(request)) return;
      request.Clear();
    }
  }

  void read_outcomes() {
    v1::SubmitStreamResponse response;
    while (stream_->Read(&response)) {
      const Instant now = Clock::now();
      std::lock_guard lock(mutex_);
      for (const auto& outcome : response.outcomes()) take(outcome, now);
      changed_.notify_all();
    }
    std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

  void take(const v1::SubmitStreamResponse::Outcome& outcome, Instant now) {
    const auto found = pending_.find(outcome.sequence());
    if (found == pending_.end()) return;
    const Instant due = found->second;
    pending_.erase(found);
    if (outcome.has_error() && first_problem_.empty())
      first_problem_ = proto::read_status(outcome.error()).message;
    if (now < measure_from_ || now >= measure_to_) return;
    if (outcome.has_error()) {
      refused_ += plan_.bundle;
      return;
    }
    for (const v1::ActionResult& result : outcome.results()) {
      ++transactions_;
      if (result.status() == 0) continue;
      ++failed_;
      if (first_problem_.empty())
        first_problem_ = std::string(to_string(static_cast<ReceiptStatus>(result.status()))) +
                         ", code " + std::to_string(result.code());
    }
    latency_us_.push_back(static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(now - due).count()));
  }

  const BenchSender& sender_;
  Client client_;
  const LoadPlan& plan_;
  const std::size_t streams_;
  const Height now_;
  std::uint64_t gas_limit_ = 0;
  grpc::ClientContext context_;
  std::unique_ptr<v1::TransactionService::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::SubmitStreamRequest, v1::SubmitStreamResponse>>
      stream_;
  std::deque<std::string> ready_;  // the writer's alone once the run begins
  std::uint64_t next_ = 0;
  std::uint64_t sent_ = 0;
  Instant measure_from_, measure_to_;

  std::mutex mutex_;  // between the writer and the reader
  std::condition_variable changed_;
  std::unordered_map<std::uint64_t, Instant> pending_;
  bool closed_ = false;
  std::uint64_t transactions_ = 0, failed_ = 0, refused_ = 0;
  std::string first_problem_;
  std::vector<std::uint32_t> latency_us_;
};

}  // namespace

double LoadResult::latency_ms(double percentile) const {
  if (latency_us.empty()) return 0;
  const auto last = static_cast<double>(latency_us.size() - 1);
  return latency_us[static_cast<std::size_t>(std::lround(percentile / 100.0 * last))] / 1000.0;
}

Outcome<LoadResult> run_load(const std::vector<std::unique_ptr<BenchSender>>& senders,
                             const LoadPlan& plan, const LoadMark& begin, const LoadMark& end) {
  std::vector<std::unique_ptr<Stream>> streams;
  for (const auto& sender : senders) {
    CLI_ASSIGN(Client client, Client::connect(sender->profile(), 10'000));
    CLI_ASSIGN(const Height now, certified_height(client));
    streams.push_back(
        std::make_unique<Stream>(*sender, std::move(client), plan, senders.size(), now));
  }
  for (const auto& stream : streams) CLI_TRY(stream->find_gas_limit());
  note("signing ahead ...");
  std::vector<std::thread> threads;
  threads.reserve(streams.size());
  for (const auto& stream : streams) threads.emplace_back([&stream] { stream->sign_ahead(); });
  for (std::thread& thread : threads) thread.join();
  threads.clear();
  for (const auto& stream : streams) CLI_TRY(stream->open());
  note("measuring for " + std::to_string(plan.duration_ms / 1000) + " s ...");
  const Instant start = Clock::now();
  const Instant from = start + std::chrono::milliseconds(plan.warm_up_ms);
  const Instant to = from + std::chrono::milliseconds(plan.duration_ms);
  for (const auto& stream : streams)
    threads.emplace_back([&stream, start, from, to] { stream->run(start, from, to); });
  std::this_thread::sleep_until(from);
  begin();
  std::this_thread::sleep_until(to);
  end();
  for (std::thread& thread : threads) thread.join();
  LoadResult result;
  result.seconds = static_cast<double>(plan.duration_ms) / 1000.0;
  for (const auto& stream : streams) stream->add_to(result);
  std::sort(result.latency_us.begin(), result.latency_us.end());
  return result;
}

}  // namespace usance::cli
