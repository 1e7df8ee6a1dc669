// What `usance bench` sends: transfers of deposits, or drafts of letters of credit. Contracts,
// accounts and calendars are set up on the network first, where they are missing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/transaction.h"
#include "tools/usance/transact.h"

namespace usance::cli {

// One sender: its profile and the call that it repeats. `arguments` is made anew per transaction
// where they must differ (a credit's number).
class BenchSender {
 public:
  virtual ~BenchSender() = default;
  [[nodiscard]] const Profile& profile() const { return profile_; }
  [[nodiscard]] const Signer& signer() const { return *signer_; }
  // The n-th transaction's call. Thread-safe.
  [[nodiscard]] virtual CallPlan call(std::uint64_t n) const = 0;

 protected:
  BenchSender(Profile profile, std::unique_ptr<Signer> signer)
      : profile_(std::move(profile)), signer_(std::move(signer)) {}

 private:
  Profile profile_;
  std::unique_ptr<Signer> signer_;
};

// Prepares the network and returns one sender per validator, each of another organisation or user
// and connected to another node. `contracts` is the folder with the modules.
[[nodiscard]] Outcome<std::vector<std::unique_ptr<BenchSender>>> prepare_workload(
    const Context& context, const std::string& workload, const Path& contracts,
    const std::vector<std::string>& nodes);

}  // namespace usance::cli
