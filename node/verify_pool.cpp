#include "node/verify_pool.h"

namespace usance::node {

VerifyPool::VerifyPool(const ChainId& chain, const Verifier& verifier, std::size_t threads,
                       Outputs outputs)
    : chain_(chain), verifier_(verifier), thread_count_(threads), outputs_(std::move(outputs)) {}

VerifyPool::~VerifyPool() {
  stop();
}

void VerifyPool::start() {
  for (std::size_t i = 0; i < thread_count_; ++i) threads_.emplace_back([this] { run(); });
}

void VerifyPool::stop() {
  queue_.close();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

void VerifyPool::run() {
  Job job;
  while (queue_.take(job)) {
    std::visit([this](auto& what) { work(what); }, job);
    job = Job();
  }
}

void VerifyPool::work(consensus::CheckBundles& check) {
  consensus::BundlesChecked answer;
  answer.ticket = check.ticket;
  answer.bundles.reserve(check.bundles.size());
  for (Bytes& raw : check.bundles) {
    auto bundle = check.signatures ? CheckedBundle::check(chain_, std::move(raw), verifier_)
                                   : CheckedBundle::decode_certified(chain_, std::move(raw));
    answer.bundles.push_back(bundle ? std::make_shared<const CheckedBundle>(*std::move(bundle))
                                    : nullptr);
  }
  outputs_.checked(std::move(answer));
}

bool VerifyPool::submit(FromClient bundles) {
  std::size_t bytes = 0;
  for (const ClientBundle& bundle : bundles.bundles) bytes += bundle.raw.size();
  ByteCharge charge = client_bytes_.take(bundles.org, bytes, bundles.bundles.size());
  return charge && queue_.try_push(Submitted{std::move(bundles), std::move(charge)});
}

void VerifyPool::work(Submitted& submitted) {
  FromClient& bundles = submitted.client;
  std::vector<Verified> verified;
  const auto refuse = [](Waiter& waiter, proto::ApiError error) {
    BundleOutcome outcome;
    outcome.sequence = waiter.sequence;
    outcome.error = std::move(error);
    std::vector<BundleOutcome> one;
    one.push_back(std::move(outcome));
    waiter.sink->outcomes(std::move(one));
  };
  for (ClientBundle& client : bundles.bundles) {
    auto bundle = CheckedBundle::check(chain_, std::move(client.raw), verifier_);
    if (!bundle) {
      proto::ApiError error(bundle.error());
      if (bundle.error().code == ErrorCode::kResourceExhausted)
        error = {v1::REASON_TOO_LARGE, bundle.error().message};
      refuse(client.waiter, std::move(error));
      continue;
    }
    if (bundle->org() != bundles.org) {
      refuse(client.waiter,
             {v1::REASON_NOT_PERMITTED, "the certificate is of '" + bundles.org.value +
                                            "', the bundle of '" + bundle->org().value + "'"});
      continue;
    }
    verified.push_back({std::make_shared<const CheckedBundle>(*std::move(bundle)),
                        std::move(client.waiter), std::nullopt, submitted.charge});
  }
  if (!verified.empty()) outputs_.verified(std::move(verified));
}

void VerifyPool::work(FromPeer& bundles) {
  std::vector<Verified> verified;
  for (Bytes& raw : bundles.raws) {
    auto bundle = CheckedBundle::check(chain_, std::move(raw), verifier_);
    if (!bundle) {
      outputs_.bad_gossip(bundles.peer, bundle.error());
      break;
    }
    verified.push_back({std::make_shared<const CheckedBundle>(*std::move(bundle)), std::nullopt,
                        bundles.peer, bundles.charge});
  }
  if (!verified.empty()) outputs_.verified(std::move(verified));
}

}  // namespace usance::node
