#include "contracts/system/governance_members.h"

#include <algorithm>

#include "base/membership.h"
#include "base/signature.h"
#include "base/transaction.h"

namespace usance::governance {

namespace {

using contract::fail;

constexpr std::size_t kMostKeys = 256;  // of one organisation, revoked ones included

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_upper_or_digit(char c) {
  return is_upper(c) || (c >= '0' && c <= '9');
}

std::vector<std::string> ordered(std::vector<std::string> words) {
  std::ranges::sort(words);
  const auto repeated = std::ranges::unique(words);
  words.erase(repeated.begin(), repeated.end());
  return words;
}

void check_permissions(const std::vector<std::string>& permissions) {
  for (const std::string& permission : permissions)
    if (!is_permission(permission)) fail(v1::errors::invalid_permission(permission));
}

template <class Collection>
std::size_t size_of(const Collection& collection) {
  std::size_t n = 0;
  collection.each([&n](const auto&, const auto&) {
    ++n;
    return true;
  });
  return n;
}

}  // namespace

void check_name(std::string_view field, std::string_view name) {
  if (!is_wellformed_name(name)) fail(v1::errors::invalid_name(field, name));
}

void check_key(std::string_view field, const Bytes& key) {
  PublicKey parsed;
  if (!fixed_from(ByteView(key), parsed) || !is_acceptable_key(parsed))
    fail(v1::errors::invalid_key(field));
}

void check_terms(const v1::OrganisationTerms& terms) {
  check_name("id", terms.id);
  if (!terms.lei.empty() &&
      (terms.lei.size() != 20 || !std::ranges::all_of(terms.lei, is_upper_or_digit)))
    fail(v1::errors::invalid_identifier("lei", terms.lei));
  if (!terms.bic.empty() && ((terms.bic.size() != 8 && terms.bic.size() != 11) ||
                             !std::ranges::all_of(terms.bic, is_upper_or_digit)))
    fail(v1::errors::invalid_identifier("bic", terms.bic));
  if (!is_country(terms.country)) fail(v1::errors::invalid_identifier("country", terms.country));
  for (const std::string& role : terms.roles)
    if (!is_role(role)) fail(v1::errors::invalid_role(role));
  check_key("governance_key", terms.governance_key);
  check_key("recovery_key", terms.recovery_key);
}

void check_new_user(const v1::NewUser& user) {
  check_name("name", user.name);
  check_key("key", user.key);
  check_permissions(user.permissions);
}

v1::Organisation Members::organisation(std::string_view id) const {
  auto found = organisations_.find(id);
  if (!found || found->removed != 0) fail(v1::errors::unknown_organisation(id));
  return *std::move(found);
}

bool Members::is_member(std::string_view id) const {
  const auto found = organisations_.find(id);
  return found && found->removed == 0;
}

std::size_t Members::count() const {
  std::size_t n = 0;
  organisations_.each([&n](const Bytes&, const v1::Organisation& organisation) {
    if (organisation.removed == 0) ++n;
    return true;
  });
  return n;
}

void Members::add(const v1::NewOrganisation& request) {
  check_terms(request.terms);
  check_new_user(request.administrator);
  const std::string& id = request.terms.id;
  if (organisations_.exists(id)) fail(v1::errors::organisation_exists(id));
  v1::Organisation organisation;
  organisation.terms = request.terms;
  organisation.terms.roles = ordered(request.terms.roles);
  organisation.added = height();
  organisations_.put(id, organisation);
  v1::User governance{std::string(kGovernanceUser), {"admin"}, height(), 0};
  users(id).put(kGovernanceUser, governance);
  register_key(id, kGovernanceUser, request.terms.governance_key);
  v1::NewUser administrator = request.administrator;
  administrator.permissions.emplace_back("admin");
  add_user(id, administrator);
}

void Members::change(const v1::OrganisationTerms& terms) {
  check_terms(terms);
  v1::Organisation organisation = this->organisation(terms.id);
  if (terms.governance_key != organisation.terms.governance_key) {
    v1::SignerKey old = keys(terms.id).get(organisation.terms.governance_key,
                                           [&] { return v1::errors::unknown_key(terms.id); });
    revoke(terms.id, old);
    register_key(terms.id, kGovernanceUser, terms.governance_key);
  }
  organisation.terms = terms;
  organisation.terms.roles = ordered(terms.roles);
  organisations_.put(terms.id, organisation);
}

void Members::remove(std::string_view id) {
  v1::Organisation organisation = this->organisation(id);
  if (count() == 1) fail(v1::errors::too_few_organisations());
  revoke_keys(id, {});
  organisation.removed = height();
  organisations_.put(id, organisation);
}

v1::User Members::active_user(std::string_view org, std::string_view name) const {
  auto user = users(org).find(name);
  if (!user || user->revoked != 0) fail(v1::errors::unknown_user(org, name));
  return *std::move(user);
}

v1::User Members::add_user(std::string_view org, const v1::NewUser& request) {
  check_new_user(request);
  if (users(org).exists(request.name)) fail(v1::errors::user_exists(org, request.name));
  v1::User user{request.name, ordered(request.permissions), height(), 0};
  users(org).put(user.name, user);
  announce(org, user);
  register_key(org, user.name, request.key);
  return user;
}

v1::User Members::change_permissions(std::string_view org, const v1::PermissionsRequest& request) {
  check_permissions(request.permissions);
  if (request.user == kGovernanceUser) fail(v1::errors::governance_key(org));
  v1::User user = active_user(org, request.user);
  user.permissions = ordered(request.permissions);
  users(org).put(user.name, user);
  announce(org, user);
  return user;
}

v1::User Members::revoke_user(std::string_view org, std::string_view name) {
  if (name == kGovernanceUser) fail(v1::errors::governance_key(org));
  v1::User user = active_user(org, name);
  user.revoked = height();
  users(org).put(user.name, user);
  revoke_keys(org, name);
  announce(org, user);
  return user;
}

v1::SignerKey Members::add_key(std::string_view org, std::string_view user, const Bytes& key) {
  check_key("key", key);
  if (user == kGovernanceUser) fail(v1::errors::governance_key(org));
  return register_key(org, active_user(org, user).name, key);
}

v1::SignerKey Members::register_key(std::string_view org, std::string_view user, const Bytes& key) {
  const Keys registered = keys(org);
  if (registered.exists(key)) fail(v1::errors::key_exists(org));
  if (size_of(registered) >= kMostKeys) fail(v1::errors::too_many_keys(org, kMostKeys));
  v1::SignerKey record{key, std::string(user), height(), 0};
  keys(org).put(key, record);
  ctx_.emit(v1::KeyChanged{std::string(org), record, ctx_.user()});
  return record;
}

v1::SignerKey Members::revoke_key(std::string_view org, const Bytes& key) {
  auto record = keys(org).find(key);
  if (!record || record->revoked != 0) fail(v1::errors::unknown_key(org));
  if (record->user == kGovernanceUser) fail(v1::errors::governance_key(org));
  revoke(org, *record);
  return *std::move(record);
}

void Members::revoke(std::string_view org, v1::SignerKey& key) {
  key.revoked = height();
  keys(org).put(key.key, key);
  ctx_.emit(v1::KeyChanged{std::string(org), key, ctx_.user()});
}

void Members::revoke_keys(std::string_view org, std::string_view user) {
  Keys registered = keys(org);
  registered.each([&](const Bytes&, const v1::SignerKey& found) {
    if (found.revoked != 0 || (!user.empty() && found.user != user)) return true;
    v1::SignerKey key = found;
    key.revoked = height();
    registered.put(key.key, key);
    return true;
  });
}

void Members::announce(std::string_view org, const v1::User& user) {
  ctx_.emit(v1::UserChanged{std::string(org), user, ctx_.user()});
}

}  // namespace usance::governance
