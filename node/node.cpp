#include "node/node.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_builder.h>

#include "consensus/messages.h"
#include "contracts/system/governance_view.h"
#include "node/files.h"
#include "node/log.h"
#include "node/recovery.h"
#include "node/services/why_stalled.h"
#include "storage/vote_log_file.h"

namespace usance::node {

namespace {

constexpr auto kAnswerBeforeShutdown = std::chrono::milliseconds(1'500);
// A peer message with room for its envelope. Clients send much less: what a message unfolds to in
// memory is a multiple of its bytes.
constexpr int kMaxPeerMessageBytes = 16 << 20;
constexpr int kMaxClientMessageBytes = 4 << 20;
// Of one peer, that may wait to be taken in: the largest message and as much again.
constexpr std::size_t kPeerBytes = std::size_t{2} * kMaxPeerMessageBytes;
constexpr std::uint64_t kDayMs = 86'400'000;

}  // namespace

Node::Node(const Config& config, std::shared_ptr<SnapshotCounters> counters)
    : config_(config),
      snapshot_counters_(std::move(counters)),
      query_rate_(config.org_queries_per_second),
      submission_rate_(config.org_submissions_per_second),
      peer_bytes_(kPeerBytes) {}
Node::~Node() {
  stop();
}

Result<std::unique_ptr<Node>> Node::open(const Config& config,
                                         std::shared_ptr<SnapshotCounters> counters) {
  std::unique_ptr<Node> node(new Node(config, std::move(counters)));
  USANCE_TRY(node->prepare());
  return node;
}

Result<void> Node::open_store() {
  std::error_code error;
  std::filesystem::create_directories(config_.data_dir, error);
  if (error)
    return usance::fail(ErrorCode::kIo, "cannot create the data directory " +
                                            config_.data_dir.string() + ": " + error.message());
  const auto ledger = config_.data_dir / "ledger";
  damage_ = std::make_unique<DamageAlarm>(ledger.string());
  USANCE_ASSIGN(const bool installed,
                install_snapshot(config_.data_dir, identity_.genesis.chain_id));
  if (installed) log::info("snapshot.installed", "the ledger begins with a snapshot");
  auto opened = storage::LedgerStore::open(ledger, identity_.genesis.chain_id);
  if (!opened)
    return fail_with("data directory " + config_.data_dir.string(),
                     damage_->advised(opened.error()));
  store_ = *std::move(opened);
  room_ = std::make_unique<DiskRoom>(*store_);
  for (const std::string& note : store_->recovery().notes) log::info("store.recovered", note);
  if (!store_->executed()) {
    USANCE_TRY(initialise_store(identity_.genesis, *store_));
    log::info("store.created", "a new ledger begins with the genesis",
              {{"chain", identity_.genesis.chain_id}});
  }
  return {};
}

Result<void> Node::open_envelopes() {
  EnvelopeStore::Limits limits;
  limits.bytes = config_.envelope_bytes;
  limits.keep_ms = config_.envelope_days * kDayMs;
  USANCE_ASSIGN(envelopes_, EnvelopeStore::open(config_.data_dir / "envelopes", limits));
  for (const auto& file : envelopes_->damaged())
    log::error("envelopes.damaged", "the record of a kept envelope does not decode",
               {{"file", file.string()}, {"action", "ask its sender to put it here again"}});
  return {};
}

Result<void> Node::prepare() {
  USANCE_ASSIGN(identity_, load_identity(config_));
  USANCE_TRY(open_store());
  std::vector<PublicKey> own = {identity_.keys.current->public_key()};
  if (identity_.keys.next) own.push_back(identity_.keys.next->public_key());
  auto vote_log =
      storage::VoteLogFile::open(config_.data_dir / "votes.log", identity_.genesis.chain_id, own);
  if (!vote_log) {
    Error error = vote_log.error();
    if (error.code == ErrorCode::kCorrupt)
      error.message +=
          "; move it away and start again: the node then follows and serves, and does not vote, "
          "because it cannot know what it has signed";
    return tl::unexpected<Error>(std::move(error));
  }
  USANCE_ASSIGN(access_log_,
                AccessLog::open(config_.data_dir / "access.log", config_.access_log_file_bytes,
                                config_.access_log_files));
  USANCE_TRY(open_envelopes());
  auto begun = unless_unreadable([&] { return begin_from_ledger(*std::move(vote_log)); });
  return begun.map_error([this](const Error& error) { return damage_->advised(error); });
}

Result<void> Node::begin_from_ledger(std::unique_ptr<VoteLog> vote_log) {
  USANCE_ASSIGN(recoveries_, RecoveryRecords::load(config_.data_dir));
  USANCE_TRY(recoveries_.judge(identity_.genesis, *store_));
  USANCE_ASSIGN(const auto view, store_->view(*store_->executed()));
  directory_ = std::make_unique<SharedDirectory>(
      recoveries_.ahead(read_directory(*view, *store_->executed()), *store_->executed()));
  USANCE_ASSIGN(self_, find_self(identity_, *directory_->get()));
  tls_files_ = {config_.tls_key, config_.tls_certificate, config_.data_dir / "authorities.pem"};
  USANCE_TRY(put_authorities());
  USANCE_ASSIGN(const ResultHeader genesis, store_->genesis_result());
  USANCE_ASSIGN(consensus::Recovery recovery,
                recover(*store_, identity_.genesis.validators(), *vote_log));
  USANCE_ASSIGN(recovery.recoveries, recoveries_.for_core());
  make_loops(result_hash(genesis), recovery, std::move(vote_log));
  return {};
}

void Node::make_loops(const Hash32& genesis_result, const consensus::Recovery& recovery,
                      std::unique_ptr<VoteLog> vote_log) {
  const Genesis& genesis = identity_.genesis;
  delivery_ = std::make_unique<Delivery>(*store_, recovery.certified);
  consensus::Config core;
  core.chain = genesis.chain_id;
  core.genesis_result = genesis_result;
  core.self = identity_.keys.current->public_key();
  core.signer = identity_.keys.current.get();
  core.next_signer = identity_.keys.next.get();
  core.verifier = &ed25519_verifier();
  core.mempool.bytes = config_.mempool_bytes;
  core.mempool.bundles = config_.mempool_bundles;
  core.mempool.bytes_per_org = config_.mempool_bytes / 2;
  core.mempool.bundles_per_org = std::min(config_.org_pending_bundles, config_.mempool_bundles);
  CoreOutputs& outputs = *this;
  core_ = std::make_unique<CoreLoop>(core, recovery, clock_, outputs);

  log_ = std::make_unique<LogLoop>(
      std::move(vote_log), *store_, *room_,
      [this](consensus::Token token) { core_->answer(consensus::Durable{token}); },
      [this](Error error) { fail(std::move(error)); });
  exec_ = std::make_unique<ExecLoop>(
      genesis, recoveries_, *store_, *room_, recovery.parameters.back().parameters,
      ExecLoop::Outputs{
          [this](consensus::Executed executed) { core_->answer(std::move(executed)); },
          [this](std::shared_ptr<const CertifiedBlock> block) {
            delivery_->certified(std::move(block));
          },
          [this](Height height) {
            if (join_) join_->executed();
            snapshots_->executed(height);
          },
          [this](Directory directory) { members_changed(std::move(directory)); },
          [this](const Error& error) { fail(damage_->advised(error)); }});
  verify_ = std::make_unique<VerifyPool>(
      genesis.chain_id, ed25519_verifier(), config_.verify_threads,
      VerifyPool::Outputs{
          [this](consensus::BundlesChecked checked) { core_->answer(std::move(checked)); },
          [this](std::vector<VerifyPool::Verified> verified) {
            submit_verified(std::move(verified));
          },
          [this](const consensus::PeerId& peer, const Error& error) {
            peers_->drop(peer, "an invalid bundle: " + error.message);
          }});
  queries_ = std::make_unique<QueryPool>(genesis.chain_id, config_.query_threads);
  PeerSettings settings{genesis.chain_id,
                        &identity_.keys,
                        &ed25519_verifier(),
                        directory_.get(),
                        identity_.certificate.key_hash,
                        config_.peer_queue_bytes};
  peers_ = std::make_unique<PeerHub>(
      PeerHub::Options{settings, config_.peers,
                       [this](const PublicKey& peer) { core_->answer(consensus::PeerGone{peer}); }},
      peer_channel_credentials(tls_files_),
      [this](const KnownNode& from, v1::PeerFrames& frames) { return receive(from, frames); });
  relay_ = std::make_unique<EnvelopeRelay>(EnvelopeRelay::Outputs{
      [this](std::uint32_t node, const std::shared_ptr<const Bytes>& aside) {
        return peers_->send_aside(node, aside);
      },
      [this](const KnownNode& from, v1::EnvelopeQuestion question, ByteCharge charge) {
        serve_envelopes(*context_, from, std::move(question), std::move(charge));
      }});
  make_snapshots();
  const auto directory = directory_->get();
  const auto self = std::ranges::find(directory->nodes, self_.id, &KnownNode::id);
  reporter_ = std::make_unique<Reporter>(
      Reporter::Options{genesis.chain_id, self_.org, std::move(identity_.reporter),
                        config_.data_dir,
                        static_cast<std::size_t>(self - directory->nodes.begin())},
      *store_, *damage_, [this](const OrgId& org, Bytes bundle, Waiter waiter) {
        VerifyPool::FromClient job{org, {}};
        job.bundles.push_back({std::move(bundle), std::move(waiter)});
        return !room_->full() && verify_->submit(std::move(job));
      });
  access_ = std::make_unique<Access>(*directory_, self_.org);
  context_ = std::make_unique<ServiceContext>(ServiceContext{config_,
                                                             identity_.genesis,
                                                             self_,
                                                             identity_.keys,
                                                             recoveries_,
                                                             *store_,
                                                             *room_,
                                                             *damage_,
                                                             *directory_,
                                                             *access_,
                                                             *access_log_,
                                                             query_rate_,
                                                             submission_rate_,
                                                             clock_,
                                                             *core_,
                                                             *verify_,
                                                             *queries_,
                                                             *delivery_,
                                                             *peers_,
                                                             *envelopes_,
                                                             peer_bytes_,
                                                             *relay_,
                                                             *snapshots_,
                                                             *snapshot_counters_});
}

Result<std::unique_ptr<grpc::Server>> Node::listen(
    const std::string& address, const std::shared_ptr<grpc::ServerCredentials>& credentials,
    const std::vector<grpc::Service*>& services, bool public_services) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(address, credentials, &port);
  // Two daemons on one port would each get a share of the connections.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
  builder.SetMaxReceiveMessageSize(public_services ? kMaxClientMessageBytes : kMaxPeerMessageBytes);
  for (grpc::Service* service : services) builder.RegisterService(service);
  grpc::EnableDefaultHealthCheckService(public_services);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server || port == 0)
    return usance::fail(ErrorCode::kUnavailable,
                        "cannot listen on " + address + "; is the port taken by another program?");
  return server;
}

Result<void> Node::start() {
  started_ = true;
  // Threads first: nothing that arrives finds a loop missing.
  delivery_->start();
  queries_->start();
  verify_->start();
  log_->start();
  exec_->start();
  core_->start();
  USANCE_ASSIGN(peer_server_, listen(config_.listen_peers, peer_server_credentials(tls_files_),
                                     {peers_->service()}, false));
  for (auto make :
       {make_transaction_service, make_query_service, make_block_service, make_event_service,
        make_contract_service, make_audit_service, make_governance_service, make_envelope_service})
    services_.push_back(make(*context_));
  std::vector<grpc::Service*> clients;
  clients.reserve(services_.size());
  for (const auto& service : services_) clients.push_back(service.get());
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  const auto credentials = server_credentials(tls_files_);
  USANCE_ASSIGN(client_server_, listen(config_.listen_clients, credentials, clients, true));
  admin_ = make_admin_service(*context_);
  USANCE_ASSIGN(admin_server_, listen(config_.listen_admin, credentials, {admin_.get()}, true));
  if (!config_.listen_metrics.empty()) {
    USANCE_ASSIGN(metrics_, MetricsPage::serve(config_.listen_metrics, *context_, exec_->stats(),
                                               rounds_, config_.data_dir.string()));
  }
  if (join_) join_->start();
  peers_->start();
  housekeeping();
  if (self_.id == 0)
    log::warning(
        "node.unknown",
        "the ledger, as far as it is here, does not name this node: it follows; the others "
        "let it in once they know it",
        {{"key", to_hex(self_.key)}});
  log::info("node.started", "the node takes part",
            {{"node", self_.name},
             {"org", self_.org.value},
             {"validator", self_.validator ? "yes" : "no"},
             {"chain", identity_.genesis.chain_id},
             {"height", store_->executed()->value},
             {"peers", config_.listen_peers},
             {"clients", config_.listen_clients}});
  return {};
}

void Node::stop() {
  if (!started_) return;
  started_ = false;
  log::info("node.stopping", "the node is shutting down", {{"node", self_.name}});
  metrics_.reset();
  // First: a call that waits when its server's time is up is only cancelled.
  delivery_->refuse_waiters();
  relay_->stop();
  const auto deadline = std::chrono::system_clock::now() + kAnswerBeforeShutdown;
  for (auto* server : {client_server_.get(), admin_server_.get()})
    if (server != nullptr) server->Shutdown(deadline);
  if (join_) join_->stop();
  peers_->stop();
  if (peer_server_) peer_server_->Shutdown(deadline);
  core_->stop();
  verify_->stop();
  queries_->stop();
  log_->stop();
  exec_->stop();
  delivery_->stop();
  client_server_.reset();
  admin_server_.reset();
  peer_server_.reset();
  snapshots_.reset();
  store_.reset();
  log::info("node.stopped", "everything is on disk", {{"node", self_.name}});
  log::flush();
}

void Node::housekeeping() {
  room_->housekeeping();
  write_authorities();
  reporter_->housekeeping(delivery_->certified_height());
  if (const std::size_t erased = envelopes_->erase_expired(clock_.wall()); erased != 0)
    log::info("envelopes.erased", "envelopes have had their time", {{"count", erased}});
  relay_->give_up();
  const consensus::StatusReport report = core_->status();
  StallSigns signs;
  signs.disk_full = room_->full();
  signs.snapshot_pieces = snapshot_counters_->pieces_here();
  const std::string health = why_not_serving(report, signs);
  if (health == health_) return;
  health_ = health;
  const bool serving = health.empty();
  for (grpc::Server* server : {client_server_.get(), admin_server_.get()})
    if (server != nullptr && server->GetHealthCheckService() != nullptr)
      server->GetHealthCheckService()->SetServingStatus(serving);
  log::info("node.health", serving ? "serving" : health,
            {{"height", report.height}, {"best_peer", report.best_peer}});
}

void Node::reload(const Config& config) {
  query_rate_.set(config.org_queries_per_second);
  submission_rate_.set(config.org_submissions_per_second);
}

std::optional<Error> Node::failure() const {
  const std::lock_guard lock(failure_mutex_);
  return failure_;
}

void Node::fail(Error error) {
  log::error("node.failed", "this node cannot go on", {{"error", error.message}});
  const std::lock_guard lock(failure_mutex_);
  if (!failure_) failure_ = std::move(error);
}

void Node::members_changed(Directory directory) {
  if (directory == *directory_->get()) return;
  directory_->set(std::move(directory));
  authorities_stale_ = true;
  peers_->members_changed(*directory_->get());
  log::info("members.changed", "members or nodes have changed");
}

// TLS reads the file anew every few seconds. Who is left out of it is told once it is written, not
// with every attempt.
Result<void> Node::put_authorities() {
  const auto [pem, unusable] = directory_->get()->usable_authorities();
  USANCE_TRY(replace_text(tls_files_.authorities, pem));
  for (const auto& [org, why] : unusable)
    log::error("members.authority",
               "an organisation's authority on the ledger is of no use: nobody connects with its "
               "certificates",
               {{"org", org.value},
                {"error", why.message},
                {"action", "the organisation changes ca_certificate by governance"}});
  return {};
}

// By the main thread alone, which tries again where the disk refuses.
void Node::write_authorities() {
  if (!authorities_stale_.exchange(false)) return;
  const auto written = put_authorities();
  if (written) return;
  authorities_stale_ = true;
  log::error("members.write", "the members' authorities could not be written; trying again",
             {{"error", written.error().message}});
}

Result<void> Node::receive(const KnownNode& from, v1::PeerFrames& frames) {
  std::size_t bytes = frames.aside().size();
  for (const std::string& message : frames.messages()) bytes += message.size();
  const ByteCharge charge =
      peer_bytes_.take(from.id, bytes, static_cast<std::size_t>(frames.messages_size()));
  // What does not fit is lost; the protocol repeats what matters, and clients ask again.
  if (!charge) return {};
  if (!frames.aside().empty()) USANCE_TRY(relay_->received(from, frames.aside(), charge));
  VerifyPool::FromPeer gossip{from.key, {}, charge};
  for (const std::string& frame : frames.messages()) {
    if (consensus::is_snapshot_message(as_bytes(frame))) {
      USANCE_TRY(receive_snapshot(from, as_bytes(frame), charge));
      continue;
    }
    USANCE_ASSIGN(auto message, consensus::decode_message(as_bytes(frame)));
    if (auto* bundle = std::get_if<consensus::BundleGossip>(&message)) {
      gossip.raws.push_back(std::move(bundle->raw));
      continue;
    }
    if (withheld(from, message)) continue;
    // A core that is too far behind loses messages, too.
    static_cast<void>(core_->try_event(
        consensus::MessageReceived{from.key,
                                   std::make_shared<const consensus::Message>(std::move(message))},
        charge));
  }
  if (!gossip.raws.empty()) static_cast<void>(verify_->gossip(std::move(gossip)));
  return {};
}

void Node::submit_verified(std::vector<VerifyPool::Verified> verified) {
  std::vector<Delivery::Expected> expected;
  expected.reserve(verified.size());
  for (VerifyPool::Verified& one : verified)
    expected.push_back({one.bundle, std::move(one.waiter)});
  delivery_->expect(std::move(expected));
  std::vector<consensus::Admission> refused;
  for (const VerifyPool::Verified& one : verified)
    if (!core_->try_event(consensus::BundleAdmitted{one.bundle, one.from}, one.charge))
      refused.push_back({one.bundle->hash(),
                         Error{ErrorCode::kResourceExhausted, "the node has too much to do"}});
  if (!refused.empty()) delivery_->admissions(std::move(refused));
}

}  // namespace usance::node
