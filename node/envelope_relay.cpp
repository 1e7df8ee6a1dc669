#include "node/envelope_relay.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "base/codec.h"

namespace usance::node {

namespace {

constexpr std::chrono::seconds kWorthAnotherTry{2};
constexpr std::size_t kMostReasonBytes = 1'000;  // of another node's text

tl::unexpected<proto::ApiError> no_answer(const std::string& node, const std::string& why) {
  return tl::unexpected(proto::ApiError(v1::REASON_NO_ANSWER, "the node '" + node + "' " + why)
                            .retry(kWorthAnotherTry));
}

}  // namespace

bool EnvelopeRelay::send(std::uint32_t node, const v1::PeerAside& aside) {
  const std::string bytes = aside.SerializeAsString();
  return outputs_.send(node, std::make_shared<const Bytes>(to_bytes(bytes)));
}

EnvelopeRelay::Open EnvelopeRelay::take(std::map<std::uint64_t, Open>::iterator open) {
  Open out = std::move(open->second);
  open_.erase(open);
  const auto waiting = waiting_.find(out.asker);
  if (--waiting->second == 0) waiting_.erase(waiting);
  return out;
}

void EnvelopeRelay::ask(const KnownNode& node, const OrgId& asker, v1::EnvelopeQuestion question,
                        Answered answered, Clock::time_point now) {
  std::uint64_t number = 0;
  {
    std::unique_lock lock(mutex_);
    if (stopped_) return;
    std::size_t& waiting = waiting_[asker];
    if (waiting >= kMostOpen) {
      lock.unlock();
      return answered(tl::unexpected(
          proto::ApiError(v1::REASON_QUOTA,
                          "your organisation waits for as many answers of other nodes as one may")
              .retry(kWorthAnotherTry)));
    }
    ++waiting;
    number = next_number_++;
    open_.emplace(number, Open{node.id, node.name, asker, std::move(answered), now + kPatience});
  }
  question.set_number(number);
  v1::PeerAside aside;
  *aside.mutable_question() = std::move(question);
  if (send(node.id, aside)) return;
  Open failed;
  {
    const std::lock_guard lock(mutex_);
    const auto open = open_.find(number);
    if (open == open_.end()) return;
    failed = take(open);
  }
  failed.answered(no_answer(node.name, "is not connected with the one that you asked"));
}

void EnvelopeRelay::reply(std::uint32_t node, v1::EnvelopeAnswer answer) {
  v1::PeerAside aside;
  *aside.mutable_answer() = std::move(answer);
  // Lost with its stream: the one that asked gives up, and its client asks again.
  static_cast<void>(send(node, aside));
}

bool EnvelopeRelay::waits_for(std::uint32_t node) {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(open_, [node](const auto& open) { return open.second.node == node; });
}

Result<void> EnvelopeRelay::received(const KnownNode& from, const std::string& bytes,
                                     const ByteCharge& charge) {
  // An answer. Many small fields unfold to a multiple of their bytes: only from who was asked.
  if (bytes.size() > kMaxQuestionBytes && !waits_for(from.id)) return {};
  v1::PeerAside aside;
  if (!aside.ParseFromString(bytes)) return fail(ErrorCode::kMalformed, "an aside that is none");
  if (aside.has_question() && bytes.size() > kMaxQuestionBytes)
    return fail(ErrorCode::kMalformed, "a question of more bytes than one may have");
  if (aside.has_question())
    outputs_.serve(from, std::move(*aside.mutable_question()), charge);
  else if (aside.has_answer())
    settle(from.id, std::move(*aside.mutable_answer()));
  return {};  // else of a later version
}

void EnvelopeRelay::settle(std::uint32_t from, v1::EnvelopeAnswer answer) {
  Open done;
  {
    const std::lock_guard lock(mutex_);
    const auto open = open_.find(answer.number());
    // Too late, or not who was asked.
    if (open == open_.end() || open->second.node != from) return;
    done = take(open);
  }
  if (!answer.has_refused()) return done.answered(std::move(answer));
  const v1::EnvelopeRefusal& refused = answer.refused();
  const bool readable = refused.message().size() <= kMostReasonBytes;
  proto::ApiError error(refused.reason(), "the node '" + done.name +
                                              "': " + (readable ? refused.message() : "refused"));
  if (error.reason == v1::REASON_QUOTA)
    return done.answered(tl::unexpected(std::move(error).retry(kWorthAnotherTry)));
  done.answered(tl::unexpected(std::move(error)));
}

void EnvelopeRelay::give_up(Clock::time_point now) {
  std::vector<Open> silent;
  {
    const std::lock_guard lock(mutex_);
    while (!open_.empty() && open_.begin()->second.deadline <= now)
      silent.push_back(take(open_.begin()));
  }
  for (Open& open : silent) open.answered(no_answer(open.name, "has not answered in time"));
}

void EnvelopeRelay::stop() {
  std::map<std::uint64_t, Open> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(open_);
    waiting_.clear();
  }
}

}  // namespace usance::node
