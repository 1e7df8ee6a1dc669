// Nodes and the validator set.
#pragma once

#include "contracts/system/governance_members.h"
#include "contracts/system/governance_statements.h"

namespace usance::governance {

void check_node(const v1::NodeTerms& terms);

class Nodes {
 public:
  Nodes(contract::Context& ctx, const Statements& statements)
      : ctx_(ctx),
        statements_(statements),
        nodes_(ctx, kNodes),
        former_(ctx, kFormerKeys),
        set_(ctx, kValidators) {}

  // What makes a request hopeless already when it is proposed.
  void check_new(const v1::NodeTerms& terms) const;
  void check_change(const v1::NodeChange& request) const;
  void check_removal(std::uint32_t id) const;
  void check_candidate(const v1::NewValidator& request) const;
  void check_leaver(std::uint32_t id) const;

  void add(const v1::NodeTerms& terms);
  void change(const v1::NodeChange& request);
  void remove(std::uint32_t id);
  void add_validator(const v1::NewValidator& request);
  void remove_validator(std::uint32_t id);

  // Whose consensus key it is or was.
  [[nodiscard]] std::optional<v1::Node> by_consensus_key(const Bytes& key) const;

  // Before an organisation leaves: fails while it has validators, else removes its nodes.
  void remove_all_of(std::string_view org);

  // Who signs now and what is pending, with a change that has taken over folded in.
  [[nodiscard]] ValidatorSchedule schedule() const;

 private:
  [[nodiscard]] v1::Node node(std::uint32_t id) const;
  void check_unused(const v1::NodeTerms& terms) const;
  // That the key has signed the statement; `fresh`: and not long ago.
  void check_ready(std::uint32_t id, const Bytes& key, const std::optional<v1::Readiness>& shown,
                   bool fresh) const;
  // Makes the set of the current validators, changed by `edit`, the one from now + 2W on.
  template <class Edit>
  void change_set(std::string_view reason, Edit edit);
  [[nodiscard]] bool signs(const ValidatorSchedule& schedule, std::uint32_t id) const;

  contract::Context& ctx_;
  const Statements& statements_;
  contract::Collection<v1::Node> nodes_;
  contract::Collection<v1::FormerKey> former_;
  contract::Record<v1::Validators> set_;
};

}  // namespace usance::governance
