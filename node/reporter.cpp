#include "node/reporter.h"

#include <atomic>

#include "base/transaction.h"
#include "contracts/sdk/wire.h"
#include "contracts/system/governance_view.h"
#include "node/log.h"
#include "node/misbehaviour.h"

namespace usance::node {

namespace {

constexpr auto kBetweenLooks = std::chrono::seconds(3);
constexpr std::uint64_t kValidBlocks = 1'000;
constexpr std::uint64_t kGas = 5'000'000;

}  // namespace

// What became of the report under way, told on another thread.
class Reporter::Outcome final : public OutcomeSink {
 public:
  void outcomes(std::vector<BundleOutcome> outcomes) override {
    const BundleOutcome& outcome = outcomes.front();
    if (outcome.error) {
      log::warning("misbehaviour.report", "a report was refused; trying again",
                   {{"error", outcome.error->message}});
    } else {
      const Receipt& receipt = outcome.block->receipts[outcome.first];
      log::info("misbehaviour.report",
                receipt.status == ReceiptStatus::kOk ? "a contradiction is on the ledger now"
                                                     : "the ledger did not take a report",
                {{"height", outcome.block->result.height}, {"detail", receipt.detail}});
    }
    done_ = true;
  }
  [[nodiscard]] bool done() const { return done_; }

 private:
  std::atomic<bool> done_{false};
};

Reporter::Reporter(Options options, const storage::LedgerStore& store, DamageAlarm& damage,
                   Submit submit)
    : options_(std::move(options)), store_(store), damage_(damage), submit_(std::move(submit)) {}
Reporter::~Reporter() = default;

void Reporter::housekeeping(Height certified) {
  const auto now = Clock::now();
  if (!options_.user || certified.value == 0 || now < next_look_) return;
  next_look_ = now + kBetweenLooks;
  if (const auto looked = look(certified); !looked) {
    damage_.saw(looked.error());
    log::error("misbehaviour.report", "cannot see what the ledger has",
               {{"error", looked.error().message}});
  }
}

Result<void> Reporter::look(Height certified) {
  if (pending_ && !pending_->done()) return {};
  pending_.reset();
  const auto kept = kept_contradictions(options_.data_dir, kMostCases, settled_);
  if (kept.empty()) return {};
  return unless_unreadable([&]() -> Result<void> {
    USANCE_ASSIGN(const auto state, store_.view(certified));
    for (const auto& [file, found] : kept) {
      const governance::v1::Contradiction proof = contradiction_of(found);
      if (is_recorded(*state, proof)) {
        settled_.insert(file);
        looks_.erase(file);
        continue;
      }
      if (std::size_t& looks = looks_[file]; ++looks > options_.patience) {
        looks = 0;  // the others have their turns again before this node repeats itself
        auto outcome = std::make_shared<Outcome>();
        if (submit_(options_.org, bundle(contract::to_wire(proof), certified), {outcome, 0, false}))
          pending_ = std::move(outcome);
        return {};
      }
    }
    return {};
  });
}

Bytes Reporter::bundle(Bytes arguments, Height certified) const {
  Transaction tx;
  tx.org = options_.org;
  tx.user_key = options_.user->public_key();
  const SecretSeed random = generate_seed();
  std::copy_n(random.bytes.begin(), tx.nonce.bytes.size(), tx.nonce.bytes.begin());
  tx.valid_until_height = Height(certified.value + kValidBlocks);
  tx.gas_limit = kGas;
  tx.contract = std::string(governance::kContract);
  tx.method = "ReportMisbehaviour";
  tx.arguments = std::move(arguments);
  return encode(sign_bundle(options_.chain, {std::move(tx)}, *options_.user));
}

}  // namespace usance::node
