// Four members on four hosts that share only public files.
#include "tools/usance/member.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "node/x509.h"
#include "tools/usance/join.h"

namespace usance::cli {
namespace {

class MemberTest : public testing::Test {
 protected:
  MemberTest() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "usance-member-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
  }
  ~MemberTest() override { std::filesystem::remove_all(folder); }

  MemberPlan plan(const std::string& org) const {
    MemberPlan out;
    out.network = "coffee";
    out.org = OrgId(org);
    out.name = "The " + org;
    out.country = "DE";
    out.roles = {"bank"};
    out.users = {{"maker", {"maker"}}};
    out.node = org + "-1";
    out.hosts = {"127.0.0.1"};
    out.peer_address = "127.0.0.1:7100";
    return out;
  }
  MemberHome home(const std::string& org) const { return MemberHome{folder / org}; }
  std::string file_of(const std::string& org) {
    EXPECT_TRUE(create_member(home(org), plan(org)));
    return write_member_file(home(org)).value();
  }
  Path folder;
};

TEST_F(MemberTest, FourMembersAgreeWhateverTheOrderOfTheFiles) {
  std::vector<MemberFile> members;
  for (const char* org : {"bank-d", "bank-a", "bank-c", "bank-b"})
    members.push_back(read_member_file(file_of(org)).value());
  const Genesis first = assemble_genesis(members).value();
  std::reverse(members.begin(), members.end());
  const Genesis second = assemble_genesis(members).value();
  EXPECT_EQ(first.chain_id, second.chain_id);
  EXPECT_EQ(write_genesis(first), write_genesis(second));
  EXPECT_EQ(first.validators().size(), 4u);
  EXPECT_EQ(first.nodes[0].name, "bank-a-1");
  ASSERT_TRUE(write_file(folder / "genesis.json", write_genesis(first)));
  for (const char* org : {"bank-a", "bank-b", "bank-c", "bank-d"}) {
    const auto adopted =
        adopt_genesis(home(org), own_member(home(org)).value(), folder / "genesis.json");
    ASSERT_TRUE(adopted) << adopted.error().message;
    EXPECT_EQ(adopted->chain_id, first.chain_id);
  }
}

TEST_F(MemberTest, AnAuditorsCertificateReadsUnlessThePersonSigns) {
  MemberPlan office = plan("office");
  office.roles = {"auditor"};
  office.users = {{"reader", {"viewer"}}, {"arbiter", {"checker"}}, {"admin", {"admin"}}};
  ASSERT_TRUE(create_member(home("office"), office));
  const auto role_of = [&](const char* user) {
    return x509::inspect(read_file(home("office").user_certificate(user)).value())
        .value()
        .subject.role;
  };
  EXPECT_EQ(role_of("reader"), x509::kRoleAuditor);
  EXPECT_EQ(role_of("arbiter"), x509::kRoleClient);
  EXPECT_EQ(role_of("admin"), x509::kRoleAdmin);
}

TEST_F(MemberTest, AnAuthorityThatIsNoCertificateIsRefused) {
  std::vector<MemberFile> members;
  for (const char* org : {"bank-a", "bank-b", "bank-c", "bank-d"})
    members.push_back(read_member_file(file_of(org)).value());
  std::string& pem = members[2].organisation.ca_certificate;
  pem.resize(pem.size() / 2);
  const auto refused = assemble_genesis(members);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("ca_certificate of bank-c"), std::string::npos)
      << refused.error().message;
}

// A node whose data_dir is forgotten has forgotten its votes.
TEST_F(MemberTest, WhatTheOperatorSetIsReadBack) {
  const MemberFile member = read_member_file(file_of("bank-a")).value();
  node::Config config = member_config({}, {"other:7100"});
  config.data_dir = "/srv/ledger";
  config.log_level = "debug";
  config.mempool_bundles = 1'234;
  config.reporter_key = "keys/of_the_desk.key";
  ASSERT_TRUE(write_member_config(home("bank-a"), member, config));
  const auto read = read_member_config(home("bank-a"));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, config);
}

TEST_F(MemberTest, AMemberFileHoldsNothingSecret) {
  const std::string file = file_of("bank-a");
  EXPECT_EQ(file.find("PRIVATE"), std::string::npos);
  for (const Path& key : {home("bank-a").governance_key(), home("bank-a").recovery_key(),
                          home("bank-a").consensus_key(), home("bank-a").user_key("maker")}) {
    const SecretSeed seed = read_key_file(key.string()).value();
    EXPECT_EQ(file.find(to_hex(seed)), std::string::npos) << key;
  }
}

TEST_F(MemberTest, EveryChangeOfAMemberFileIsNoticed) {
  const std::string file = file_of("bank-a");
  ASSERT_TRUE(read_member_file(file));
  for (std::size_t i = 0; i < file.size(); ++i) {
    if (file[i] == ' ' || file[i] == '\n') continue;
    std::string changed = file;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(read_member_file(changed)) << "at " << i << ": " << file.substr(i, 20);
  }
  std::string more = file;
  more.insert(more.find("\"network\""), "\"extra\": 1, ");
  EXPECT_FALSE(read_member_file(more));
}

TEST_F(MemberTest, AHomeIsNeverOverwritten) {
  const std::string before = file_of("bank-a");
  const auto again = create_member(home("bank-a"), plan("bank-a"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(write_member_file(home("bank-a")).value(), before);
}

TEST_F(MemberTest, SecretsAreTheOwnersAlone) {
  static_cast<void>(file_of("bank-a"));
  const MemberHome at = home("bank-a");
  for (const Path& secret :
       {at.governance_key(), at.recovery_key(), at.consensus_key(), at.authority_key(),
        at.node_tls_key(), at.user_key("maker"), at.user_tls_key("maker")})
    EXPECT_EQ(std::filesystem::status(secret).permissions() & std::filesystem::perms(0077),
              std::filesystem::perms::none)
        << secret;
}

TEST_F(MemberTest, TheNodesCertificateIsIssuedByTheOwnAuthority) {
  static_cast<void>(file_of("bank-a"));
  const std::string node = read_file(home("bank-a").node_certificate()).value();
  const std::string authority = read_file(home("bank-a").authority_certificate()).value();
  EXPECT_TRUE(x509::verify_issued_by(node, authority));
  EXPECT_EQ(x509::inspect(node)->subject.role, "node");
}

TEST_F(MemberTest, MembersMustMeanTheSameNetwork) {
  const MemberFile a = read_member_file(file_of("bank-a")).value();
  MemberFile b = read_member_file(file_of("bank-b")).value();
  b.network = "tea";
  EXPECT_NE(assemble_genesis({a, b}).error().message.find("'tea'"), std::string::npos);
  EXPECT_NE(assemble_genesis({a}).error().message.find("4 to 100 validators"), std::string::npos);
  EXPECT_FALSE(assemble_genesis({a, a}));
  EXPECT_FALSE(assemble_genesis({}));
}

TEST_F(MemberTest, AForeignGenesisIsRefused) {
  std::vector<MemberFile> members;
  for (const char* org : {"bank-a", "bank-b", "bank-c", "bank-d"})
    members.push_back(read_member_file(file_of(org)).value());
  const Genesis genesis = assemble_genesis(members).value();
  ASSERT_TRUE(write_file(folder / "genesis.json", write_genesis(genesis)));
  const MemberFile other = read_member_file(file_of("bank-e")).value();
  const auto stranger = adopt_genesis(home("bank-e"), other, folder / "genesis.json");
  ASSERT_FALSE(stranger);
  EXPECT_NE(stranger.error().message.find("does not hold this member"), std::string::npos);
}

TEST_F(MemberTest, ImpossiblePlansAreRefused) {
  MemberPlan bad = plan("Bank A");
  EXPECT_FALSE(create_member(home("x"), bad));
  bad = plan("bank-a");
  bad.country = "Germany";
  EXPECT_FALSE(create_member(home("x"), bad));
  bad = plan("bank-a");
  bad.roles = {"king"};
  EXPECT_FALSE(create_member(home("x"), bad));
  bad = plan("bank-a");
  bad.users = {{"maker", {"makr"}}};
  EXPECT_FALSE(create_member(home("x"), bad));
  bad = plan("bank-a");
  bad.roles.clear();
  EXPECT_FALSE(create_member(home("x"), bad));
  EXPECT_FALSE(std::filesystem::exists(home("x").root));
}

}  // namespace
}  // namespace usance::cli
