// Nodes and the validator set.
#pragma once

#include "contracts/system/governance_members.h"

namespace usance::governance {

void check_node(const v1::NodeTerms& terms);

class Nodes {
 public:
  explicit Nodes(contract::Context& ctx) : ctx_(ctx), nodes_(ctx, kNodes), set_(ctx, kValidators) {}

  void add(const v1::NodeTerms& terms);
  void change(const v1::NodeTerms& terms);
  void remove(std::uint32_t id);
  void add_validator(std::uint32_t id);
  void remove_validator(std::uint32_t id);

  // Before an organisation leaves: fails while it has validators, else removes its nodes.
  void remove_all_of(std::string_view org);

  // Who signs now and what is pending, with a change that has taken over folded in.
  [[nodiscard]] ValidatorSchedule schedule() const;

 private:
  [[nodiscard]] v1::Node node(std::uint32_t id) const;
  void check_unused(const v1::NodeTerms& terms) const;
  // Makes the set of the current validators, changed by `edit`, the one from now + 2W on.
  template <class Edit>
  void change_set(std::string_view reason, Edit edit);
  [[nodiscard]] bool signs(const ValidatorSchedule& schedule, std::uint32_t id) const;

  contract::Context& ctx_;
  contract::Collection<v1::Node> nodes_;
  contract::Record<v1::Validators> set_;
};

}  // namespace usance::governance
