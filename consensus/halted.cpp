// What a node still does that executed something else than the quorum: it asks those who signed the
// other result what that is made of, so that an operator learns where the two part (C-8.6), and
// serves what it has under certificates (C-12.2).
#include <algorithm>

#include "consensus/core.h"
#include "consensus/divergence.h"

namespace usance::consensus {

namespace {

constexpr std::uint64_t kAskAgainMs = 1'000;

}  // namespace

void Core::diverge(const Hash32& own, const Certificate& certified) {
  if (!halted_.empty()) return;
  const Height height = certified.content.height;
  if (const ValidatorSet* set = sets_.at(height))
    for (const std::uint32_t signer : signers(certified))
      if (signer < set->size() && !is_own(set->validators[signer].key))
        witnesses_.push_back(set->validators[signer].key);
  other_result_ = certified;
  halt(height, "this node's result differs from the certified one", own, certified.content.hash);
  ask_for_parts();
}

// One witness after the other, until one has answered.
void Core::ask_for_parts() {
  if (!other_result_ || witnesses_.empty()) return;
  if (witness_asked_ms_ != 0 && mono_ < witness_asked_ms_ + kAskAgainMs) return;
  witness_asked_ms_ = std::max<std::uint64_t>(mono_, 1);
  witness_ = witnesses_.front();
  std::rotate(witnesses_.begin(), witnesses_.begin() + 1, witnesses_.end());
  send(Audience::kPeer, FetchResultParts{other_result_->content.height}, witness_);
}

// C-12.2: what is proven by certificates can still be had here. Who submits is told by the node.
void Core::step_halted(const Event& event) {
  if (std::holds_alternative<Tick>(event)) return ask_for_parts();
  if (const auto* found = std::get_if<DifferenceFound>(&event)) return on(*found);
  const auto* received = std::get_if<MessageReceived>(&event);
  if (received == nullptr) return;
  const Message& message = *received->message;
  if (const auto* parts = std::get_if<ResultParts>(&message))
    on_message(received->from, *parts);
  else if (const auto* blocks = std::get_if<FetchBlocks>(&message))
    on_message(received->from, *blocks);
  else if (const auto* results = std::get_if<FetchResults>(&message))
    on_message(received->from, *results);
  else if (const auto* body = std::get_if<FetchBody>(&message))
    on_message(received->from, *body);
}

void Core::on_message(const PeerId& from, const ResultParts& parts) {
  if (!other_result_ || witnesses_.empty() || from != witness_) return;  // nobody asked
  if (!proves(parts, other_result_->content.hash))
    return drop(from, "parts of a result that do not prove it");
  witnesses_.clear();
  emit(Diverged{from, parts});
}

void Core::on(const DifferenceFound& event) {
  if (other_result_ && !event.what.empty())
    halted_ +=
        " at height " + std::to_string(other_result_->content.height.value) + ": " + event.what;
  other_result_.reset();
}

void Core::on_message(const PeerId& from, const FetchResultParts& request) {
  if (request.height.value == 0 || request.height > executed_) return;
  emit(ServeResultParts{from, request.height});
}

}  // namespace usance::consensus
