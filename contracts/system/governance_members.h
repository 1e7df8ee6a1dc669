// Organisations, their users and signer keys.
#pragma once

#include "contracts/sdk/storage.h"
#include "contracts/system/governance_records.h"

namespace usance::governance {

// Ends the call with an error unless the values are well-formed; needs no state.
void check_name(std::string_view field, std::string_view name);
void check_key(std::string_view field, const Bytes& key);
void check_terms(const v1::OrganisationTerms& terms);
void check_new_user(const v1::NewUser& user);

class Members {
 public:
  explicit Members(contract::Context& ctx) : ctx_(ctx), organisations_(ctx, kOrganisations) {}

  // A current member, or the end of the call.
  [[nodiscard]] v1::Organisation organisation(std::string_view id) const;
  [[nodiscard]] bool is_member(std::string_view id) const;
  [[nodiscard]] std::size_t count() const;  // of current members

  void add(const v1::NewOrganisation& request);
  void change(const v1::OrganisationTerms& terms);
  void remove(std::string_view id);  // its nodes are looked after by Nodes

  v1::User add_user(std::string_view org, const v1::NewUser& request);
  v1::User change_permissions(std::string_view org, const v1::PermissionsRequest& request);
  v1::User revoke_user(std::string_view org, std::string_view name);
  v1::SignerKey add_key(std::string_view org, std::string_view user, const Bytes& key);
  v1::SignerKey revoke_key(std::string_view org, const Bytes& key);

 private:
  using Users = contract::Collection<v1::User>;
  using Keys = contract::Collection<v1::SignerKey>;
  [[nodiscard]] Users users(std::string_view org) const { return {ctx_, organisation_scope(org)}; }
  [[nodiscard]] Keys keys(std::string_view org) const { return {ctx_, organisation_scope(org)}; }
  [[nodiscard]] std::uint64_t height() const { return static_cast<std::uint64_t>(ctx_.height()); }
  [[nodiscard]] v1::User active_user(std::string_view org, std::string_view name) const;
  v1::SignerKey register_key(std::string_view org, std::string_view user, const Bytes& key);
  void revoke(std::string_view org, v1::SignerKey& key);
  // Revokes the active keys of one user, or of all when the name is empty.
  void revoke_keys(std::string_view org, std::string_view user);
  void announce(std::string_view org, const v1::User& user);

  contract::Context& ctx_;
  contract::Collection<v1::Organisation> organisations_;
};

}  // namespace usance::governance
