#include "tools/usance/validator_plan.h"

#include <algorithm>

namespace usance::cli {

namespace {

SetSize size_of(const std::vector<PlannedMember>& members) {
  SetSize size;
  size.n = members.size();
  if (size.n == 0) return size;
  size.f = faults_tolerated(size.n);
  size.q = quorum(size.n);
  size.online = static_cast<std::size_t>(std::ranges::count(members, true, &PlannedMember::online));
  return size;
}

std::string refusal(SetChange change, const PlannedMember& subject, const ValidatorPlan& plan) {
  const auto count = [](std::size_t n) { return std::to_string(n); };
  if (plan.now.online < plan.now.q)
    return "only " + count(plan.now.online) + " of the " + count(plan.now.q) +
           " validators that a quorum needs are online: nothing can be decided now";
  if (plan.then.n < limits::kMinValidators)
    return "fewer than " + count(limits::kMinValidators) + " validators would be left";
  if (plan.then.n > limits::kMaxValidators)
    return "more than " + count(limits::kMaxValidators) + " validators";
  if (change != SetChange::kRemove && !subject.online)
    return subject.name + " is not online, or behind: its vote would be missing from the start";
  for (const PlannedMember& member : plan.members) {
    const auto seats = std::ranges::count(plan.members, member.org, &PlannedMember::org);
    if (static_cast<std::size_t>(seats) > plan.then.f)
      return member.org.value + " would hold " + count(static_cast<std::size_t>(seats)) +
             " of the seats, more than the " + count(plan.then.f) + " that may be faulty";
  }
  if (plan.then.online < plan.then.q)
    return "only " + count(plan.then.online) +
           " of the new set's validators are online, and its "
           "quorum is " +
           count(plan.then.q) + ": the network would stop when the set takes over";
  return "";
}

}  // namespace

ValidatorPlan plan_change(SetChange change, const PlannedMember& subject,
                          const std::vector<PlannedMember>& current) {
  ValidatorPlan plan;
  plan.now = size_of(current);
  plan.members = current;
  std::erase_if(plan.members, [&](const PlannedMember& one) { return one.id == subject.id; });
  if (change != SetChange::kRemove) plan.members.push_back(subject);
  std::ranges::sort(plan.members, {}, &PlannedMember::id);
  plan.then = size_of(plan.members);
  plan.refusal = refusal(change, subject, plan);
  if (plan.refusal.empty() && plan.then.online == plan.then.q)
    plan.warnings.push_back(
        "the new set has not one validator online more than its quorum: if "
        "another one fails, the network stops until it is back");
  if (plan.then.f < plan.now.f)
    plan.warnings.push_back("the network will bear " + std::to_string(plan.then.f) +
                            " faulty validators instead of " + std::to_string(plan.now.f));
  return plan;
}

}  // namespace usance::cli
