#include "tools/usance/devnet_plan.h"

namespace usance::cli {

namespace {

DevnetMember member(std::string id, std::string name, std::string country, std::string role,
                    std::vector<UserPlan> users, unsigned first_node) {
  DevnetMember out;
  out.plan.network = "devnet";
  out.plan.development = true;
  out.plan.org = OrgId(std::move(id));
  out.plan.name = std::move(name);
  out.plan.country = std::move(country);
  out.plan.roles = {std::move(role)};
  out.plan.users = std::move(users);
  out.first_node = first_node;
  return out;
}

DevnetMember with_node(DevnetMember member, unsigned number) {
  member.plan.node = "node-" + std::to_string(number);
  member.plan.validator = number != kDevnetFollower;
  member.first_node = number;
  return member;
}

}  // namespace

std::vector<DevnetMember> devnet_members(unsigned validators) {
  const std::vector<UserPlan> bank = {
      {"admin", {"admin"}}, {"maker", {"maker"}}, {"checker", {"checker"}}};
  const auto staff = [](const std::string& name) {
    return std::vector<UserPlan>{{"admin", {"admin"}}, {name, {"checker", "maker"}}};
  };
  std::vector<DevnetMember> out;
  out.push_back(
      with_node(member("harbour-bank", "Harbour Bank, Hamburg", "DE", "bank", bank, 1), 1));
  out.push_back(with_node(member("nile-bank", "Nile Bank, Kampala", "UG", "bank", bank, 2), 2));
  out.push_back(
      with_node(member("customs", "Port Customs Agency", "DE", "customs", staff("officer"), 3), 3));
  out.push_back(
      with_node(member("carrier", "Blue Line Shipping", "DK", "carrier", staff("agent"), 4), 4));
  out.back().plan.roles.push_back("warehouse");  // it stores at both ports what it carries
  out.push_back(with_node(
      member("auditor", "Ledger Audit Office", "DE", "auditor",
             {{"admin", {"admin"}}, {"auditor", {"viewer"}}, {"arbiter", {"checker", "maker"}}}, 5),
      kDevnetFollower));
  for (unsigned number = kDevnetFollower + 1; number <= validators + 1; ++number) {
    const std::string bank_number = std::to_string(number);
    out.push_back(with_node(
        member("bank-" + bank_number, "Bank of Node " + bank_number, "DE", "bank", bank, number),
        number));
  }
  out.push_back(member("lake-bank", "Lake Bank, Nairobi", "KE", "bank", bank, 4));
  out.push_back(
      member("exporter", "Kampala Coffee Exporters", "UG", "corporate", staff("clerk"), 2));
  out.push_back(member("roaster", "Hamburg Roasters", "DE", "corporate", staff("clerk"), 1));
  out.push_back(member("inspector", "Savanna Inspection", "KE", "inspector", staff("clerk"), 2));
  for (unsigned i = 1; i <= 5; ++i)
    out.push_back(member("oracle-" + std::to_string(i), "Temperature Oracle " + std::to_string(i),
                         "DE", "oracle", staff("reporter"), (i - 1) % kFewestDevnetValidators + 1));
  return out;
}

}  // namespace usance::cli
