// A network of real usanced processes on loopback, for tests: keys, certificates, genesis and
// configuration in a temporary folder, one process per node.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <grpcpp/channel.h>
#include <sys/types.h>

#include "base/genesis.h"
#include "base/signature.h"
#include "base/transaction.h"
#include "node/x509.h"
#include "usance/v1/admin.grpc.pb.h"

namespace usance::test {

struct Member {
  OrgId id;
  x509::KeyPair authority;
  std::unique_ptr<Signer> admin;  // the key of its user "admin"
};

struct NodeHome {
  GenesisNode entry;
  std::filesystem::path folder;
  std::uint16_t peers_port = 0, clients_port = 0, admin_port = 0, metrics_port = 0;
  std::vector<std::size_t> dials;  // indices of the nodes it dials
  pid_t process = 0;
};

class TestNetwork {
 public:
  // `validators` nodes of as many organisations, and then `followers`, of one more organisation,
  // each of which dials node 1 alone (the leader of view 0 is node 0).
  explicit TestNetwork(std::size_t validators = 4, std::size_t followers = 0);
  ~TestNetwork();  // stops everything and removes the folder, unless the test has failed

  void start(std::size_t node);
  void start_all();
  void signal(std::size_t node, int signal);
  int wait_exit(std::size_t node);  // the exit status
  void kill(std::size_t node);      // SIGKILL, and waits
  [[nodiscard]] bool running(std::size_t node);

  // A channel with a fresh certificate of the member.
  [[nodiscard]] std::shared_ptr<grpc::Channel> client(std::size_t node, const OrgId& org,
                                                      const std::string& role = "client");
  [[nodiscard]] std::shared_ptr<grpc::Channel> channel(std::uint16_t port,
                                                       const x509::KeyPair& certificate);
  // The node's own view, or nothing while it does not answer.
  [[nodiscard]] std::optional<v1::GetNodeStatusResponse> status(std::size_t node);
  // Polls until the condition holds; false after the time is up.
  [[nodiscard]] static bool eventually(const std::function<bool()>& condition,
                                       std::uint64_t milliseconds = 30'000);

  // A bundle of calls of one method, signed by the member's admin.
  [[nodiscard]] Bytes bundle(const OrgId& org, const std::string& contract,
                             const std::string& method, const std::vector<Bytes>& arguments);

  [[nodiscard]] const Genesis& genesis() const { return genesis_; }
  [[nodiscard]] Member& member(const OrgId& org) { return members_.at(org); }
  [[nodiscard]] NodeHome& node(std::size_t index) { return nodes_[index]; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::string log_of(std::size_t node) const;
  [[nodiscard]] std::string metrics(std::size_t node) const;  // the page that Prometheus reads
  void write_config(std::size_t node, const std::string& extra = "");

 private:
  void add_member(const OrgId& id);
  void add_node(const OrgId& org, bool validator);

  std::filesystem::path folder_;
  std::map<OrgId, Member> members_;
  std::vector<NodeHome> nodes_;
  Genesis genesis_;
};

// The arguments of governance AddUser.
[[nodiscard]] Bytes add_user(const std::string& name, const PublicKey& key);

}  // namespace usance::test
