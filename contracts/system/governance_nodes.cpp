#include "contracts/system/governance_nodes.h"

#include <algorithm>

#include "base/readiness.h"

namespace usance::governance {

namespace {

using contract::fail;

// A statement of readiness that is proposed may be this old.
constexpr std::uint64_t kReadyWithinHeights = limits::kReplayHorizon;

// The rules of base/genesis.h hold for every later set too.
void check_set(const ValidatorSet& set) {
  if (set.size() < limits::kMinValidators)
    fail(v1::errors::too_few_validators(limits::kMinValidators));
  if (set.size() > limits::kMaxValidators)
    fail(v1::errors::too_many_validators(limits::kMaxValidators));
  for (const Validator& validator : set.validators) {
    const auto seats = std::ranges::count(set.validators, validator.org, &Validator::org);
    if (static_cast<std::size_t>(seats) > set.faults())
      fail(v1::errors::too_many_seats(validator.org.value, set.faults()));
  }
}

}  // namespace

void check_node(const v1::NodeTerms& terms) {
  check_name("name", terms.name);
  check_key("consensus_key", terms.consensus_key);
  if (terms.tls_key.size() != Hash32::kSize) fail(v1::errors::invalid_key("tls_key"));
}

v1::Node Nodes::node(std::uint32_t id) const {
  auto found = nodes_.find(node_key(id));
  if (!found || found->removed != 0) fail(v1::errors::unknown_node(id));
  return *std::move(found);
}

void Nodes::check_unused(const v1::NodeTerms& terms) const {
  nodes_.each([&](const Bytes&, const v1::Node& other) {
    if (other.terms.id != terms.id &&
        (other.terms.consensus_key == terms.consensus_key || other.terms.tls_key == terms.tls_key))
      fail(v1::errors::node_exists(other.terms.id));
    return true;
  });
  if (const auto former = former_.find(terms.consensus_key))
    fail(v1::errors::node_exists(former->node));
}

std::optional<v1::Node> Nodes::by_consensus_key(const Bytes& key) const {
  if (const auto former = former_.find(key)) return nodes_.find(node_key(former->node));
  std::optional<v1::Node> found;
  nodes_.each([&](const Bytes&, const v1::Node& node) {
    if (node.terms.consensus_key == key) found = node;
    return !found;
  });
  return found;
}

void Nodes::check_ready(std::uint32_t id, const Bytes& key,
                        const std::optional<v1::Readiness>& shown, bool fresh) const {
  if (!shown) fail(v1::errors::not_ready(id, "no statement signed with the key"));
  Hash32 result;
  if (!fixed_from(ByteView(shown->result_hash), result))
    fail(v1::errors::not_ready(id, "the result hash is not 32 bytes"));
  const Readiness content{id, fixed<PublicKey>(key), Height(shown->height), result};
  if (!statements_.hold(key, readiness_digest(statements_.chain(), content), shown->signature))
    fail(v1::errors::not_ready(id, "the key has not signed the statement"));
  if (!fresh) return;
  const auto now = static_cast<std::uint64_t>(ctx_.height());
  if (shown->height >= now) fail(v1::errors::not_ready(id, "the statement is of the future"));
  if (shown->height + kReadyWithinHeights < now)
    fail(v1::errors::not_ready(id, "the statement is too old"));
}

void Nodes::check_new(const v1::NodeTerms& terms) const {
  check_node(terms);
  static_cast<void>(Members(ctx_).organisation(terms.organisation));
  if (nodes_.exists(node_key(terms.id))) fail(v1::errors::node_exists(terms.id));
  check_unused(terms);
}

void Nodes::check_change(const v1::NodeChange& request) const {
  const v1::NodeTerms& terms = request.terms;
  check_node(terms);
  const v1::Node node = this->node(terms.id);
  if (terms.organisation != node.terms.organisation)
    fail(v1::errors::unknown_organisation(terms.organisation));
  check_unused(terms);
  if (node.validator && terms.consensus_key != node.terms.consensus_key)
    check_ready(terms.id, terms.consensus_key, request.readiness, true);
}

void Nodes::check_removal(std::uint32_t id) const {
  const v1::Node node = this->node(id);
  if (node.validator || signs(schedule(), id)) fail(v1::errors::already_validator(id));
}

void Nodes::check_candidate(const v1::NewValidator& request) const {
  const v1::Node node = this->node(request.id);
  if (node.validator) fail(v1::errors::already_validator(request.id));
  check_ready(request.id, node.terms.consensus_key, request.readiness, true);
}

void Nodes::check_leaver(std::uint32_t id) const {
  if (!node(id).validator) fail(v1::errors::not_validator(id));
}

ValidatorSchedule Nodes::schedule() const {
  const auto record = set_.find();
  USANCE_INVARIANT(record.has_value());
  ValidatorSchedule schedule = plain(*record);
  const Height now(static_cast<std::uint64_t>(ctx_.height()));
  if (schedule.pending && schedule.pending->height <= now)
    schedule = {schedule.pending->set, std::nullopt};
  return schedule;
}

bool Nodes::signs(const ValidatorSchedule& schedule, std::uint32_t id) const {
  const auto has = [id](const ValidatorSet& set) {
    return std::ranges::find(set.validators, id, &Validator::id) != set.validators.end();
  };
  return has(schedule.current) || (schedule.pending && has(schedule.pending->set));
}

template <class Edit>
void Nodes::change_set(std::string_view reason, Edit edit) {
  ValidatorSchedule schedule = this->schedule();
  if (schedule.pending) fail(v1::errors::change_pending(schedule.pending->height.value));
  PendingSet next;
  next.set = schedule.current;
  next.set.epoch = schedule.current.epoch.next();
  next.height = Height(static_cast<std::uint64_t>(ctx_.height()) + 2 * limits::kExecutionLag);
  edit(next.set.validators);
  std::ranges::sort(next.set.validators, {}, &Validator::id);
  check_set(next.set);
  ctx_.emit(v1::ValidatorsChanged{std::string(reason), next.set.epoch.value, next.height.value});
  schedule.pending = std::move(next);
  set_.put(record_of(schedule));
}

void Nodes::add(const v1::NodeTerms& terms) {
  check_new(terms);
  nodes_.put(node_key(terms.id),
             v1::Node{terms, false, static_cast<std::uint64_t>(ctx_.height()), 0});
}

void Nodes::change(const v1::NodeChange& request) {
  const v1::NodeTerms& terms = request.terms;
  check_node(terms);
  v1::Node node = this->node(terms.id);
  if (terms.organisation != node.terms.organisation)
    fail(v1::errors::unknown_organisation(terms.organisation));
  check_unused(terms);
  const Bytes before = node.terms.consensus_key;
  if (terms.consensus_key != before) {
    if (node.validator) {
      check_ready(terms.id, terms.consensus_key, request.readiness, false);
      change_set("consensus key", [&](std::vector<Validator>& validators) {
        for (Validator& validator : validators)
          if (validator.id == terms.id) validator.key = fixed<PublicKey>(terms.consensus_key);
      });
    }
    former_.put(before, v1::FormerKey{before, terms.id, static_cast<std::uint64_t>(ctx_.height())});
  }
  node.terms = terms;
  nodes_.put(node_key(terms.id), node);
}

void Nodes::remove(std::uint32_t id) {
  check_removal(id);
  v1::Node node = this->node(id);
  node.removed = static_cast<std::uint64_t>(ctx_.height());
  nodes_.put(node_key(id), node);
}

void Nodes::add_validator(const v1::NewValidator& request) {
  const std::uint32_t id = request.id;
  v1::Node node = this->node(id);
  if (node.validator) fail(v1::errors::already_validator(id));
  check_ready(id, node.terms.consensus_key, request.readiness, false);
  change_set("addition", [&](std::vector<Validator>& validators) {
    validators.push_back(
        {id, OrgId(node.terms.organisation), fixed<PublicKey>(node.terms.consensus_key)});
  });
  node.validator = true;
  nodes_.put(node_key(id), node);
}

void Nodes::remove_validator(std::uint32_t id) {
  v1::Node node = this->node(id);
  if (!node.validator) fail(v1::errors::not_validator(id));
  change_set("removal", [id](std::vector<Validator>& validators) {
    std::erase_if(validators, [id](const Validator& validator) { return validator.id == id; });
  });
  node.validator = false;
  nodes_.put(node_key(id), node);
}

void Nodes::remove_all_of(std::string_view org) {
  const ValidatorSchedule schedule = this->schedule();
  nodes_.each([&](const Bytes& key, const v1::Node& found) {
    if (found.terms.organisation != org || found.removed != 0) return true;
    if (signs(schedule, found.terms.id)) fail(v1::errors::still_validator(org));
    v1::Node node = found;
    node.removed = static_cast<std::uint64_t>(ctx_.height());
    nodes_.put(key, node);
    return true;
  });
}

}  // namespace usance::governance
