#include "test_network.h"

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/key_file.h"
#include "contracts/sdk/wire.h"
#include "node/config.h"
#include "system/governance.usance.h"

namespace usance::test {

namespace {

// A port that was free a moment ago. All are taken before any is given back, so that they differ.
std::vector<std::uint16_t> free_ports(std::size_t count) {
  std::vector<int> sockets;
  std::vector<std::uint16_t> ports;
  for (std::size_t i = 0; i < count; ++i) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
    ports.push_back(ntohs(address.sin_port));
    sockets.push_back(fd);
  }
  for (const int fd : sockets) ::close(fd);
  return ports;
}

void write_file(const std::filesystem::path& file, const std::string& text, bool secret = false) {
  std::ofstream(file) << text;
  if (secret)
    std::filesystem::permissions(
        file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

std::string local(std::uint16_t port) {
  return "127.0.0.1:" + std::to_string(port);
}

}  // namespace

Bytes add_user(const std::string& name, const PublicKey& key) {
  governance::v1::NewUser request;
  request.name = name;
  request.key.assign(key.bytes.begin(), key.bytes.end());
  request.permissions = {"maker"};
  return contract::to_wire(request);
}

TestNetwork::TestNetwork(std::size_t validators, std::size_t followers) {
  folder_ = std::filesystem::path(testing::TempDir()) /
            ("usance-" + std::to_string(::getpid()) + "-" +
             testing::UnitTest::GetInstance()->current_test_info()->name());
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_);
  for (std::size_t i = 0; i < validators; ++i) {
    const OrgId org("org-" + std::to_string(i + 1));
    add_member(org);
    add_node(org, true);
  }
  if (followers > 0) add_member(OrgId("auditor"));
  for (std::size_t i = 0; i < followers; ++i) add_node(OrgId("auditor"), false);
  const auto ports = free_ports(4 * nodes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    NodeHome& home = nodes_[i];
    home.peers_port = ports[4 * i];
    home.clients_port = ports[4 * i + 1];
    home.admin_port = ports[4 * i + 2];
    home.metrics_port = ports[4 * i + 3];
    if (!home.entry.validator)
      home.dials = {1};
    else
      for (std::size_t peer = 0; peer < validators; ++peer)
        if (peer != i) home.dials.push_back(peer);
    genesis_.nodes.push_back(home.entry);
  }
  genesis_.network = "test";
  genesis_.time = TimeMs(1'700'000'000'000);
  genesis_.development = true;
  const std::string text = write_genesis(genesis_);
  genesis_ = parse_genesis(text).value();
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    write_file(nodes_[i].folder / "genesis.json", text);
    write_config(i);
  }
}

TestNetwork::~TestNetwork() {
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    if (running(i)) signal(i, SIGTERM);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (!eventually([&] { return !running(i); }, 10'000)) {
      ADD_FAILURE() << "node " << i << " did not stop on SIGTERM";
      kill(i);
    }
  }
  if (!testing::Test::HasFailure()) std::filesystem::remove_all(folder_);
}

void TestNetwork::add_member(const OrgId& id) {
  Member member;
  member.id = id;
  member.authority = x509::make_authority({id, "", id.value + " authority"}, 3650).value();
  member.admin = ed25519_signer(generate_seed());
  GenesisOrganisation org;
  org.id = id;
  org.name = id.value;
  org.country = "DE";
  org.roles = {"bank"};
  org.ca_certificate = member.authority.certificate_pem;
  org.governance_key = ed25519_signer(generate_seed())->public_key();
  org.recovery_key = ed25519_signer(generate_seed())->public_key();
  org.users.push_back({"admin", member.admin->public_key(), {"admin", "maker"}});
  genesis_.organisations.push_back(org);
  members_.emplace(id, std::move(member));
}

void TestNetwork::add_node(const OrgId& org, bool validator) {
  NodeHome home;
  home.entry.id = static_cast<std::uint32_t>(nodes_.size() + 1);
  home.entry.name = "node-" + std::to_string(home.entry.id);
  home.entry.org = org;
  home.entry.validator = validator;
  home.folder = folder_ / home.entry.name;
  std::filesystem::create_directories(home.folder / "keys");
  std::filesystem::create_directories(home.folder / "tls");
  const SecretSeed seed = generate_seed();
  home.entry.consensus_key = ed25519_signer(seed)->public_key();
  EXPECT_TRUE(create_key_file((home.folder / "keys" / "consensus.key").string(), seed,
                              "Consensus key of a test"));
  const x509::KeyPair pair =
      x509::issue(members_.at(org).authority, {org, std::string(x509::kRoleNode), home.entry.name},
                  {"localhost", "127.0.0.1"}, 365)
          .value();
  home.entry.tls_key = x509::inspect(pair.certificate_pem).value().key_hash;
  write_file(home.folder / "tls" / "node.key", pair.key_pem, true);
  write_file(home.folder / "tls" / "node.crt", pair.certificate_pem);
  nodes_.push_back(std::move(home));
}

void TestNetwork::write_config(std::size_t index, const std::string& extra) {
  const NodeHome& home = nodes_[index];
  node::Config config;
  config.listen_peers = local(home.peers_port);
  config.listen_clients = local(home.clients_port);
  config.listen_admin = local(home.admin_port);
  config.listen_metrics = local(home.metrics_port);
  config.log_level = "debug";
  for (const std::size_t peer : home.dials) config.peers.push_back(local(nodes_[peer].peers_port));
  write_file(home.folder / "usanced.toml", node::write_config(config) + extra);
}

void TestNetwork::start(std::size_t index) {
  NodeHome& home = nodes_[index];
  const std::string program = std::string(USANCE_BINARY_DIR) + "/bin/usanced";
  const std::string config = (home.folder / "usanced.toml").string();
  const std::string log = (home.folder / "usanced.log").string();
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execl(program.c_str(), program.c_str(), "--config", config.c_str(), nullptr);
    ::_exit(127);
  }
  home.process = child;
}

void TestNetwork::start_all() {
  for (std::size_t i = 0; i < nodes_.size(); ++i) start(i);
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    ASSERT_TRUE(eventually([&] { return status(i).has_value(); })) << log_of(i);
}

void TestNetwork::signal(std::size_t node, int number) {
  ::kill(nodes_[node].process, number);
}

bool TestNetwork::running(std::size_t node) {
  NodeHome& home = nodes_[node];
  if (home.process == 0) return false;
  int status = 0;
  if (::waitpid(home.process, &status, WNOHANG) == 0) return true;
  home.process = 0;
  return false;
}

int TestNetwork::wait_exit(std::size_t node) {
  int status = 0;
  ::waitpid(nodes_[node].process, &status, 0);
  nodes_[node].process = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void TestNetwork::kill(std::size_t node) {
  if (nodes_[node].process == 0) return;
  signal(node, SIGKILL);
  wait_exit(node);
}

std::shared_ptr<grpc::Channel> TestNetwork::channel(std::uint16_t port,
                                                    const x509::KeyPair& certificate) {
  std::string authorities;
  for (const auto& [id, member] : members_) authorities += member.authority.certificate_pem;
  grpc::ChannelArguments arguments;  // a node that was down is found soon
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  return grpc::CreateCustomChannel(
      local(port),
      grpc::SslCredentials({authorities, certificate.key_pem, certificate.certificate_pem}),
      arguments);
}

std::shared_ptr<grpc::Channel> TestNetwork::client(std::size_t node, const OrgId& org,
                                                   const std::string& role) {
  return channel(nodes_[node].clients_port,
                 x509::issue(members_.at(org).authority, {org, role, "tester"}, {}, 1).value());
}

std::optional<v1::GetNodeStatusResponse> TestNetwork::status(std::size_t node) {
  const OrgId& org = nodes_[node].entry.org;
  static thread_local std::map<std::pair<std::uint16_t, OrgId>, std::shared_ptr<grpc::Channel>>
      channels;
  auto& known = channels[{nodes_[node].admin_port, org}];
  if (!known)
    known = channel(nodes_[node].admin_port,
                    x509::issue(members_.at(org).authority, {org, "admin", "op"}, {}, 1).value());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
  context.set_wait_for_ready(true);
  v1::GetNodeStatusResponse response;
  const auto stub = v1::AdminService::NewStub(known);
  if (!stub->GetNodeStatus(&context, {}, &response).ok()) return std::nullopt;
  return response;
}

bool TestNetwork::eventually(const std::function<bool()>& condition, std::uint64_t milliseconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return condition();
}

Bytes TestNetwork::bundle(const OrgId& org, const std::string& contract, const std::string& method,
                          const std::vector<Bytes>& arguments) {
  const Signer& signer = *members_.at(org).admin;
  std::vector<Transaction> transactions;
  for (const Bytes& one : arguments) {
    Transaction tx;
    tx.org = org;
    tx.user_key = signer.public_key();
    const SecretSeed random = generate_seed();
    std::copy_n(random.bytes.begin(), tx.nonce.bytes.size(), tx.nonce.bytes.begin());
    tx.valid_until_height = Height(3'000);
    tx.gas_limit = 20'000'000;
    tx.contract = contract;
    tx.method = method;
    tx.arguments = one;
    transactions.push_back(std::move(tx));
  }
  return encode(sign_bundle(genesis_.chain_id, std::move(transactions), signer));
}

std::string TestNetwork::metrics(std::size_t node) const {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(nodes_[node].metrics_port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  const std::string request = "GET /metrics HTTP/1.0\r\n\r\n";
  EXPECT_EQ(::send(fd, request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
  std::string page;
  char buffer[4'096];
  for (ssize_t n = 0; (n = ::recv(fd, buffer, sizeof buffer, 0)) > 0;)
    page.append(buffer, static_cast<std::size_t>(n));
  ::close(fd);
  return page;
}

std::string TestNetwork::log_of(std::size_t node) const {
  std::ifstream in(nodes_[node].folder / "usanced.log");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace usance::test
