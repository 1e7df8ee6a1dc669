#include "tools/usance/bench_workload.h"

#include <chrono>

#include "base/key_file.h"
#include "tools/render/base64.h"
#include "tools/render/text.h"
#include "tools/render/value.h"
#include "tools/usance/devnet_plan.h"
#include "tools/usance/report.h"

namespace usance::cli {

namespace {

using nlohmann::json;

constexpr const char* kBank = "harbour-bank";
constexpr const char* kFunds = "USD:1000000000.00";  // per account

Outcome<Client> connect_as(const Context& context, const std::string& profile) {
  CLI_ASSIGN(const Path home, context.home_folder());
  CLI_ASSIGN(Profile loaded, load_profile(home, profile));
  CLI_ASSIGN(const std::int64_t timeout, context.timeout_ms());
  return Client::connect(std::move(loaded), timeout);
}

// Deploys a contract from its module if the network does not have it; members approve in turn.
Outcome<void> ensure_contract(const Context& context, const std::string& name,
                              const Path& contracts) {
  CLI_ASSIGN(const Client client, connect_as(context, std::string(kBank) + ".maker"));
  if (fetch_interface(client, name)) return {};
  const Path file = contracts / (name + ".wasm");
  const Result<Bytes> code = render::read_named_file(file.string());
  if (!code)
    return stop(ExitCode::kUsage,
                code.error().message + ": build the contracts, or give --contracts DIR");
  note("deploying " + name);
  CLI_ASSIGN(
      NamedResult decision,
      call_named(client,
                 {"contracts", "Deploy", {{"name", name}, {"code", render::to_base64(*code)}}}));
  const std::string proposal = render::to_json(*decision.response).value("proposal", "0");
  for (const DevnetMember& member : devnet_members(kFewestDevnetValidators)) {
    if (render::to_json(*decision.response).value("state", "") != "OPEN") return {};
    if (member.plan.org.value == kBank) continue;
    CLI_ASSIGN(const Client other, connect_as(context, member.plan.org.value + ".admin"));
    CLI_ASSIGN(decision, call_named(other, {"contracts", "Approve", {{"proposal", proposal}}}));
  }
  return {};
}

// A contract error here means that a former run has done it already.
Outcome<void> unless_done(const Client& client, const NamedCall& call) {
  const Outcome<NamedResult> result = call_named(client, call);
  if (!result && result.error().exit != ExitCode::kContractError)
    return tl::unexpected<Failure>(result.error());
  return {};
}

// The same call again and again; only the nonce makes each a transaction of its own.
class RepeatedCall : public BenchSender {
 public:
  RepeatedCall(Profile profile, std::unique_ptr<Signer> signer, CallPlan plan)
      : BenchSender(std::move(profile), std::move(signer)), plan_(std::move(plan)) {}
  CallPlan call(std::uint64_t) const override { return plan_; }

 private:
  CallPlan plan_;
};

// Drafts of credits, each under its own number.
class DraftedCredits : public BenchSender {
 public:
  DraftedCredits(Profile profile, std::unique_ptr<Signer> signer, CallPlan plan,
                 const std::string& marker, std::string prefix)
      : BenchSender(std::move(profile), std::move(signer)),
        plan_(std::move(plan)),
        prefix_(std::move(prefix)) {
    const std::string_view arguments = as_text(plan_.arguments);
    at_ = arguments.find(marker);
    USANCE_INVARIANT(at_ != std::string_view::npos);
    digits_ = marker.size() - prefix_.size();
  }
  // The number has a fixed width, so that it can be written into the encoded request.
  CallPlan call(std::uint64_t n) const override {
    CallPlan plan = plan_;
    std::string number = std::to_string(n);
    number.insert(0, digits_ - std::min(digits_, number.size()), '0');
    const std::string text = prefix_ + number.substr(number.size() - digits_);
    std::copy(text.begin(), text.end(), plan.arguments.begin() + static_cast<long>(at_));
    return plan;
  }

 private:
  CallPlan plan_;
  std::string prefix_;
  std::size_t at_ = 0;
  std::size_t digits_ = 0;
};

Outcome<Bytes> encoded(const Client& client, const NamedCall& call) {
  CLI_ASSIGN(const render::Interface interface, fetch_interface(client, call.contract));
  CLI_ASSIGN(const auto* method, interface.method(call.method));
  const auto request = interface.make(*method->input_type());
  CLI_TRY(render::set_from_json(*request, call.request, ""));
  return render::encode_message(*request);
}

using Senders = std::vector<std::unique_ptr<BenchSender>>;

// Four holders at one bank pay each other in a ring.
Outcome<Senders> prepare_transfers(const Context& context, const Path& contracts,
                                   const std::vector<std::string>& nodes) {
  CLI_TRY(ensure_contract(context, "deposit", contracts));
  const std::vector<std::string> holders = {"roaster", "exporter", "inspector", "oracle-1"};
  const std::vector<std::string> users = {"clerk", "clerk", "clerk", "reporter"};
  CLI_ASSIGN(const Client bank, connect_as(context, std::string(kBank) + ".maker"));
  const auto account = [](const std::string& holder) {
    return std::string(kBank) + "/" + holder + "/USD";
  };
  for (const std::string& holder : holders) {
    CLI_TRY(
        unless_done(bank, {"deposit", "OpenAccount", {{"holder", holder}, {"currency", "USD"}}}));
    CLI_ASSIGN(
        const NamedResult minted,
        call_named(bank, {"deposit", "Mint", {{"account", account(holder)}, {"amount", kFunds}}}));
  }
  Senders out;
  for (std::size_t i = 0; i < nodes.size() && i < holders.size(); ++i) {
    CLI_ASSIGN(const Path home, context.home_folder());
    CLI_ASSIGN(Profile profile, load_profile(home, holders[i] + "." + users[i]));
    profile.nodes = {nodes[i]};
    CallPlan plan;
    plan.contract = "deposit";
    plan.method = "Transfer";
    CLI_ASSIGN(plan.arguments, encoded(bank, {"deposit",
                                              "Transfer",
                                              {{"from", account(holders[i])},
                                               {"to", account(holders[(i + 1) % holders.size()])},
                                               {"amount", "USD:0.01"},
                                               {"reference", "bench"}}}));
    CLI_ASSIGN(std::unique_ptr<Signer> signer, load_signer(profile));
    out.push_back(
        std::make_unique<RepeatedCall>(std::move(profile), std::move(signer), std::move(plan)));
  }
  return out;
}

json credit_terms(const std::string& bank, const std::string& number) {
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const auto date = [&](int ahead) {
    const std::chrono::year_month_day day{days + std::chrono::days{ahead}};
    return static_cast<int>(day.year()) * 10'000 +
           static_cast<int>(static_cast<unsigned>(day.month())) * 100 +
           static_cast<int>(static_cast<unsigned>(day.day()));
  };
  return {
      {"number", number},
      {"form", "IRREVOCABLE"},
      {"rules", "UCP"},
      {"expiry_date", date(120)},
      {"expiry_place", "DEHAM"},
      {"issuing_bank", {{"organisation", bank}, {"name", "Issuing Bank"}, {"place", "DEHAM"}}},
      {"advising_bank",
       {{"organisation", bank == "nile-bank" ? "harbour-bank" : "nile-bank"},
        {"name", "Advising Bank"},
        {"place", "UGKLA"}}},
      {"applicant", {{"name", "Hamburg Roasters"}, {"country", "DE"}, {"organisation", "roaster"}}},
      {"beneficiary",
       {{"name", "Kampala Coffee Exporters"}, {"country", "UG"}, {"organisation", "exporter"}}},
      {"beneficiary_bank", "nile-bank"},
      {"amount", "USD:100000.00"},
      {"plus_tolerance", 500},
      {"minus_tolerance", 500},
      {"available_with", {{"organisation", bank}, {"name", "Issuing Bank"}, {"place", "DEHAM"}}},
      {"available_by", "SIGHT_PAYMENT"},
      {"port_of_loading", "Mombasa"},
      {"port_of_discharge", "Hamburg"},
      {"latest_shipment", date(90)},
      {"goods", "Green coffee, washed arabica"},
      {"quantity", {{"value", "38400"}, {"unit", "KGM"}}},
      {"trade_term", "FOB Mombasa"},
      {"documents",
       json::array(
           {{{"title", "Commercial invoice"}, {"kind", "COMMERCIAL_INVOICE"}, {"originals", 1}},
            {{"title", "Bill of lading"}, {"kind", "BILL_OF_LADING"}, {"originals", 3}}})},
      {"presentation_days", 21}};
}

// A bank needs a calendar of its place before it issues there: UTC+1, open until 17:00, weekends
// off.
Outcome<void> set_calendar(const Context& context, const std::string& bank) {
  CLI_ASSIGN(const Client client, connect_as(context, bank + ".checker"));
  return unless_done(client,
                     {"letter_of_credit",
                      "SetCalendar",
                      {{"place", "DEHAM"},
                       {"offsets", json::array({{{"from", "2025-01-01"}, {"minutes", 60}}})},
                       {"closes_at_minute", 17 * 60},
                       {"weekend", json::array({6, 7})}}});
}

// The makers of the three banks draft credits; the first bank's maker also serves the fourth node.
Outcome<Senders> prepare_credits(const Context& context, const Path& contracts,
                                 const std::vector<std::string>& nodes) {
  CLI_TRY(ensure_contract(context, "letter_of_credit", contracts));
  const std::vector<std::string> banks = {"harbour-bank", "nile-bank", "lake-bank", "harbour-bank"};
  const auto run = static_cast<unsigned long long>(
      std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(1));
  Senders out;
  for (std::size_t i = 0; i < nodes.size() && i < banks.size(); ++i) {
    // A credit's number has 16 characters at most: B, sender, run in base 36-like letters, count.
    std::string prefix = "B" + std::to_string(i);
    for (unsigned long long rest = run, n = 0; n < 6; ++n, rest /= 36)
      prefix += "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest % 36];
    const std::string number = prefix + "99999999";
    CLI_ASSIGN(const Path home, context.home_folder());
    CLI_ASSIGN(Profile profile, load_profile(home, banks[i] + ".maker"));
    profile.nodes = {nodes[i]};
    CLI_ASSIGN(const Client client, connect_as(context, banks[i] + ".maker"));
    CLI_TRY(set_calendar(context, banks[i]));
    CallPlan plan;
    plan.contract = "letter_of_credit";
    plan.method = "DraftIssue";
    CLI_ASSIGN(
        plan.arguments,
        encoded(client, {plan.contract, plan.method, {{"terms", credit_terms(banks[i], number)}}}));
    CLI_ASSIGN(std::unique_ptr<Signer> signer, load_signer(profile));
    out.push_back(std::make_unique<DraftedCredits>(std::move(profile), std::move(signer),
                                                   std::move(plan), number, prefix));
  }
  // One is tried in earnest, so that a refusal is told before a thousand of them are sent.
  CLI_ASSIGN(const Client client, connect_as(context, banks.front() + ".maker"));
  CLI_ASSIGN(const CallResult tried, submit_and_wait(client, out.front()->call(99'999'999)));
  if (tried.receipt.status != ReceiptStatus::kOk) {
    CLI_ASSIGN(const render::Interface interface, fetch_interface(client, "letter_of_credit"));
    return stop(exit_of(tried.receipt), outcome_text(tried.receipt, &interface));
  }
  return out;
}

}  // namespace

Outcome<Senders> prepare_workload(const Context& context, const std::string& workload,
                                  const Path& contracts, const std::vector<std::string>& nodes) {
  if (workload == "credit") return prepare_credits(context, contracts, nodes);
  return prepare_transfers(context, contracts, nodes);
}

}  // namespace usance::cli
