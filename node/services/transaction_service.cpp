// TransactionService: submitting bundles, one by one and in streams, and their outcome.
#include <deque>
#include <mutex>

#include "node/services/reading.h"
#include "node/services/services.h"
#include "proto/bytes.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::node {

namespace {

using proto::Api;

Bytes take_bytes(std::string& text) {
  Bytes bytes(text.begin(), text.end());
  text.clear();
  return bytes;
}

proto::ApiError busy() {
  return proto::ApiError(v1::REASON_MEMPOOL_FULL,
                         "more bundles wait for verification than this node takes")
      .retry(std::chrono::milliseconds(200));
}

// Others would order it, but nobody here could be told its outcome.
proto::ApiError disk_full() {
  return proto::ApiError(v1::REASON_DISK_FULL,
                         "this node's disk is full; submit to another node, or later")
      .retry(std::chrono::seconds(5));
}

// For the access log: what can be asked for later.
std::string describe(const ChainId& chain, const Bytes& raw) {
  const auto bundle = decode<Bundle>(raw);
  if (!bundle || bundle->transactions.empty()) return "no bundle";
  return std::to_string(bundle->transactions.size()) + " transactions, the first " +
         to_hex(transaction_id(chain, bundle->transactions.front()));
}

// Submit and SubmitAndWait: one bundle, one answer. Ends early when the call is cancelled or its
// deadline passes; the bundle stays submitted.
class SingleSubmission final : public grpc::ServerUnaryReactor, public OutcomeSink {
 public:
  using Fill = std::function<Api<void>(const BundleOutcome&)>;

  explicit SingleSubmission(AccessNote note) : note_(std::move(note)) {}
  static grpc::ServerUnaryReactor* start(const ServiceContext& services,
                                         grpc::CallbackServerContext* call, std::string method,
                                         Bytes bundle, bool until_admitted, Fill fill) {
    auto made = std::make_shared<SingleSubmission>(
        AccessNote(services.access_log, services.clock, std::move(method), ""));
    made->self_ = made;
    made->fill_ = std::move(fill);
    const auto caller = services.access.submitter(*call);
    if (!caller) {
      made->end(tl::unexpected(caller.error()));
      return made.get();
    }
    made->note_.asked_by(*caller);
    if (const auto wait = services.submission_rate.take(caller->org)) {
      made->end(tl::unexpected(too_often("bundles", *wait)));
      return made.get();
    }
    if (services.access_log.keeps())
      made->note_.set_what(describe(services.genesis.chain_id, bundle));
    if (services.room.full()) {
      made->end(tl::unexpected(disk_full()));
      return made.get();
    }
    VerifyPool::FromClient job{caller->org, {}};
    job.bundles.push_back({std::move(bundle), {made, 0, until_admitted}});
    if (!services.verify.submit(std::move(job))) made->end(tl::unexpected(busy()));
    return made.get();
  }

  void outcomes(std::vector<BundleOutcome> outcomes) override {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    const BundleOutcome& outcome = outcomes.front();
    end_locked(outcome.error ? Api<void>(tl::unexpected(*outcome.error)) : fill_(outcome));
  }
  void OnCancel() override {
    end(proto::refuse(v1::REASON_DEADLINE,
                      "the bundle was submitted; ask for its status by transaction id"));
  }
  void OnDone() override { self_.reset(); }

 private:
  void end(const Api<void>& outcome) {
    const std::lock_guard lock(mutex_);
    if (!ended_) end_locked(outcome);
  }
  void end_locked(const Api<void>& outcome) {
    ended_ = true;
    note_.ended(outcome);
    Finish(outcome ? grpc::Status::OK : proto::grpc_status(outcome.error()));
  }

  std::mutex mutex_;
  bool ended_ = false;
  AccessNote note_;
  Fill fill_;
  std::shared_ptr<SingleSubmission> self_;  // until gRPC is done with it
};

// SubmitStream. Reads stop while as many bundles wait for their outcome as the window allows, so
// that a fast client is slowed by its stream and not by errors. One message may not bring more than
// the window either: fewer than two windows of bundles ever wait.
class SubmissionStream final
    : public grpc::ServerBidiReactor<v1::SubmitStreamRequest, v1::SubmitStreamResponse>,
      public OutcomeSink {
 public:
  static auto start(const ServiceContext& services, grpc::CallbackServerContext* call) {
    auto made = std::make_shared<SubmissionStream>(services, call);
    made->self_ = made;
    made->begin();
    return made.get();
  }
  SubmissionStream(const ServiceContext& services, grpc::CallbackServerContext* call)
      : services_(services),
        call_(call),
        window_(services.config.stream_window),
        note_(services.access_log, services.clock, "SubmitStream", "") {}

  void OnReadDone(bool ok) override {
    if (!ok) {
      const std::lock_guard lock(mutex_);
      reading_ = false;
      read_ended_ = true;
      finish_if_over();
      return;
    }
    if (static_cast<std::size_t>(request_.items_size()) > window_) return end_too_large();
    VerifyPool::FromClient job{org_, {}};
    job.bundles.reserve(static_cast<std::size_t>(request_.items_size()));
    std::vector<std::uint64_t> sequences;
    for (auto& item : *request_.mutable_items()) {
      sequences.push_back(item.sequence());
      job.bundles.push_back({take_bytes(*item.mutable_bundle()), {self_, item.sequence(), false}});
    }
    {
      const std::lock_guard lock(mutex_);
      outstanding_ += job.bundles.size();
      bundles_ += job.bundles.size();
      if (request_.statuses_only()) statuses_only_ = true;
    }
    if (services_.room.full())
      refuse(sequences, disk_full());
    else if (const auto wait = services_.submission_rate.take(org_, sequences.size()))
      refuse(sequences, too_often("bundles", *wait));
    else if (!job.bundles.empty() && !services_.verify.submit(std::move(job)))
      refuse(sequences, busy());
    const std::lock_guard lock(mutex_);
    reading_ = false;
    read_if_room();
  }

  void outcomes(std::vector<BundleOutcome> outcomes) override {
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    std::move(outcomes.begin(), outcomes.end(), std::back_inserter(ready_));
    write_if_ready();
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) cancelled_ = true;
    outstanding_ -= static_cast<std::size_t>(response_.outcomes_size());
    write_if_ready();
    read_if_room();
    finish_if_over();
  }
  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    finish_if_over();
  }
  void OnDone() override { self_.reset(); }

 private:
  // Stays below gRPC's default limit of 4 MiB for a message that a client receives.
  static constexpr std::size_t kOutcomesPerWrite = 500;
  static constexpr std::size_t kBytesPerWrite = 1 << 20;

  void begin() {
    const auto caller = services_.access.submitter(*call_);
    const std::lock_guard lock(mutex_);
    if (!caller) {
      refusal_ = caller.error();
      return finish_if_over();
    }
    org_ = caller->org;
    note_.asked_by(*caller);
    read_if_room();
  }
  void end_too_large() {
    const std::lock_guard lock(mutex_);
    reading_ = false;
    read_ended_ = true;
    refusal_ =
        proto::ApiError(v1::REASON_TOO_LARGE, "a message of this stream carries at most " +
                                                  std::to_string(window_) + " bundles, not " +
                                                  std::to_string(request_.items_size()));
    finish_if_over();
  }
  void refuse(const std::vector<std::uint64_t>& sequences, const proto::ApiError& error) {
    std::vector<BundleOutcome> refused(sequences.size());
    for (std::size_t i = 0; i < sequences.size(); ++i) {
      refused[i].sequence = sequences[i];
      refused[i].error = error;
    }
    outcomes(std::move(refused));
  }
  void read_if_room() {
    if (reading_ || read_ended_ || finished_ || cancelled_ || outstanding_ >= window_) return;
    reading_ = true;
    request_.Clear();
    StartRead(&request_);
  }
  void write_if_ready() {
    if (writing_ || finished_ || cancelled_ || refusal_ || ready_.empty()) return;
    response_.Clear();
    std::size_t bytes = 0;
    for (std::size_t n = 0; !ready_.empty() && n < kOutcomesPerWrite && bytes < kBytesPerWrite;
         ++n) {
      bytes += fill(ready_.front(), *response_.add_outcomes());
      ready_.pop_front();
    }
    writing_ = true;
    StartWrite(&response_);
  }
  std::size_t fill(const BundleOutcome& outcome, v1::SubmitStreamResponse::Outcome& out) const {
    out.set_sequence(outcome.sequence);
    if (outcome.error) *out.mutable_error() = proto::rpc_status(*outcome.error);
    std::size_t bytes = 100;
    for (std::uint32_t i = 0; i < outcome.count; ++i) {
      const std::uint32_t action = outcome.first + i;
      v1::ActionResult& result = *out.add_results();
      fill_action(outcome.block->result, action, outcome.block->receipts[action], !statuses_only_,
                  result);
      bytes += 64 + result.receipt().size();
    }
    return bytes;
  }
  void finish_if_over() {
    if (finished_ || writing_) return;
    if (cancelled_ || refusal_ || (read_ended_ && outstanding_ == 0)) {
      finished_ = true;
      note_.set_what(std::to_string(bundles_) + " bundles");
      note_.ended(cancelled_ ? "CANCELLED"
                  : refusal_ ? proto::reason_name(refusal_->reason)
                             : "OK");
      Finish(cancelled_ ? grpc::Status::CANCELLED
             : refusal_ ? proto::grpc_status(*refusal_)
                        : grpc::Status::OK);
    }
  }

  const ServiceContext& services_;
  grpc::CallbackServerContext* const call_;
  const std::size_t window_;
  AccessNote note_;
  std::uint64_t bundles_ = 0;
  OrgId org_;
  v1::SubmitStreamRequest request_;
  v1::SubmitStreamResponse response_;

  std::mutex mutex_;
  std::deque<BundleOutcome> ready_;
  std::size_t outstanding_ = 0;
  std::optional<proto::ApiError> refusal_;  // ends the stream
  bool statuses_only_ = false;
  bool reading_ = false, read_ended_ = false, writing_ = false, cancelled_ = false,
       finished_ = false;
  std::shared_ptr<SubmissionStream> self_;  // until gRPC is done with it
};

Api<void> simulate(const ServiceContext& services, const Caller& caller, Executor& executor,
                   const v1::SimulateRequest& request, v1::SimulateResponse& response) {
  USANCE_ASSIGN(const Transaction tx, decode<Transaction>(as_bytes(request.transaction())));
  if (tx.org != caller.org)
    return proto::refuse(v1::REASON_NOT_PERMITTED, "the transaction is of '" + tx.org.value +
                                                       "', the certificate of '" +
                                                       caller.org.value + "'");
  const Height height = services.delivery.certified_height();
  if (auto filled = fill_read_point(services, height, *response.mutable_at()); !filled)
    return filled;
  USANCE_ASSIGN(const auto view, services.store.view(height));
  const TimeMs time(std::max(services.clock.wall().value, response.at().time_ms() + 1));
  const Simulation run = executor.simulate(*view, {height.next(), time}, tx);
  response.set_receipt(proto::canonical(run.receipt));
  for (const Event& event : run.events) response.add_events(proto::canonical(event));
  for (const std::string& line : run.log) response.add_log(line);
  return {};
}

// False: the transaction is not in the store.
Api<bool> stored_status(const ServiceContext& services, const v1::GetStatusRequest& request,
                        const TxId& id, v1::GetStatusResponse& response) {
  USANCE_ASSIGN(const auto found, services.store.find_action(id));
  if (!found) return false;
  USANCE_ASSIGN(const Receipt receipt, services.store.receipt(*found));
  USANCE_ASSIGN(const ResultHeader result, services.store.result_header(found->height));
  const bool certified = found->height <= services.delivery.certified_height();
  response.set_stage(certified ? v1::GetStatusResponse::STAGE_CERTIFIED
                               : v1::GetStatusResponse::STAGE_EXECUTED);
  fill_action(result, found->action, receipt, true, *response.mutable_result());
  if (certified && request.with_certificate())
    if (auto filled = fill_certified(services, found->height, *response.mutable_certified());
        !filled)
      return tl::unexpected(filled.error());
  return true;
}

class TransactionService final : public v1::TransactionService::CallbackService {
 public:
  explicit TransactionService(const ServiceContext& services) : services_(services) {}

  grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext* call,
                                   const v1::SubmitRequest* request,
                                   v1::SubmitResponse* response) override {
    return SingleSubmission::start(
        services_, call, "Submit", to_bytes(request->bundle()), true,
        [=, this](const BundleOutcome&) -> Api<void> {
          USANCE_ASSIGN(const Bundle bundle, decode<Bundle>(as_bytes(request->bundle())));
          for (const Transaction& tx : bundle.transactions)
            response->add_tx_ids(proto::to_string(transaction_id(services_.genesis.chain_id, tx)));
          return {};
        });
  }

  grpc::ServerUnaryReactor* SubmitAndWait(grpc::CallbackServerContext* call,
                                          const v1::SubmitAndWaitRequest* request,
                                          v1::SubmitAndWaitResponse* response) override {
    return SingleSubmission::start(services_, call, "SubmitAndWait", to_bytes(request->bundle()),
                                   false, [=](const BundleOutcome& outcome) -> Api<void> {
                                     for (std::uint32_t i = 0; i < outcome.count; ++i) {
                                       const std::uint32_t action = outcome.first + i;
                                       fill_action(outcome.block->result, action,
                                                   outcome.block->receipts[action], true,
                                                   *response->add_results());
                                     }
                                     if (request->with_certificate()) {
                                       response->mutable_certified()->set_result_header(
                                           proto::canonical(outcome.block->result));
                                       response->mutable_certified()->set_result_certificate(
                                           proto::canonical(outcome.block->certificate));
                                     }
                                     return {};
                                   });
  }

  grpc::ServerBidiReactor<v1::SubmitStreamRequest, v1::SubmitStreamResponse>* SubmitStream(
      grpc::CallbackServerContext* call) override {
    return SubmissionStream::start(services_, call);
  }

  grpc::ServerUnaryReactor* Simulate(grpc::CallbackServerContext* call,
                                     const v1::SimulateRequest* request,
                                     v1::SimulateResponse* response) override {
    return answer(services_, call, *request, [=, this](Executor& executor, const Caller& caller) {
      return simulate(services_, caller, executor, *request, *response);
    });
  }

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* call,
                                      const v1::GetStatusRequest* request,
                                      v1::GetStatusResponse* response) override {
    return answer(services_, call, *request, [=, this](Executor&) -> Api<void> {
      TxId id;
      if (!fixed_from(as_bytes(request->tx_id()), id))
        return proto::refuse(v1::REASON_INVALID_ARGUMENT, "a transaction id has 32 bytes");
      const auto stored = stored_status(services_, *request, id, *response);
      if (!stored) return tl::unexpected(stored.error());
      if (!*stored)
        response->set_stage(services_.delivery.waits_for(id)
                                ? v1::GetStatusResponse::STAGE_PENDING
                                : v1::GetStatusResponse::STAGE_UNKNOWN);
      return {};
    });
  }

 private:
  const ServiceContext& services_;
};

}  // namespace

void fill_action(const ResultHeader& result, std::uint32_t action, const Receipt& receipt,
                 bool with_receipt, v1::ActionResult& out) {
  out.set_height(result.height.value);
  out.set_action(action);
  out.set_time_ms(result.time.value);
  out.set_tx_id(proto::to_string(receipt.tx));
  out.set_status(static_cast<std::uint32_t>(receipt.status));
  out.set_code(receipt.code);
  if (with_receipt) out.set_receipt(proto::canonical(receipt));
}

std::unique_ptr<grpc::Service> make_transaction_service(const ServiceContext& services) {
  return std::make_unique<TransactionService>(services);
}

}  // namespace usance::node
