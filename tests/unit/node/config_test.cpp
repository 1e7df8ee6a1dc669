#include "node/config.h"

#include <fstream>

#include <gtest/gtest.h>

namespace usance::node {
namespace {

std::optional<std::string> no_environment(const std::string&) {
  return std::nullopt;
}

class ConfigFile : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& text) {
    const auto file = folder_ / "usanced.toml";
    std::ofstream(file) << text;
    return file;
  }
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("config-" + std::to_string(::getpid()) + "-" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(ConfigFile, FlagsGoOverEnvironmentOverFileOverDefaults) {
  const auto file =
      write("[log]\nlevel = \"debug\"\nformat = \"json\"\n[limits]\nverify_threads = 2\n");
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "USANCE_LOG_LEVEL") return "warning";
    if (name == "USANCE_LOG_FORMAT") return "text";
    return std::nullopt;
  };
  const Config config = load_config(file, {{"log.level", {"error"}}}, environment).value();
  EXPECT_EQ(config.log_level, "error");
  EXPECT_EQ(config.log_format, "text");
  EXPECT_EQ(config.verify_threads, 2u);
  EXPECT_EQ(config.listen_metrics, Config().listen_metrics);
}

TEST_F(ConfigFile, PathsAreMeantFromTheFilesFolder) {
  const auto file = write("[node]\ndata_dir = \"ledger\"\n[keys]\ntls_key = \"/etc/k\"\n");
  const Config config = load_config(file, {}, no_environment).value();
  EXPECT_EQ(config.data_dir, folder_ / "ledger");
  EXPECT_EQ(config.tls_key, "/etc/k");
}

TEST_F(ConfigFile, AnUnknownKeyIsRefusedWithTheNearestOne) {
  const auto result = load_config(write("[log]\nlevle = \"info\"\n"), {}, no_environment);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(result.error().message.find("did you mean 'log.level'"), std::string::npos)
      << result.error().message;
}

TEST_F(ConfigFile, WrongTypesAndValuesNameTheKey) {
  const std::pair<const char*, const char*> cases[] = {
      {"[limits]\nverify_threads = \"many\"\n", "limits.verify_threads"},
      {"[limits]\nverify_threads = 0\n", "limits.verify_threads"},
      {"[limits]\nverify_threads = 1.5\n", "limits.verify_threads"},
      {"[log]\nlevel = [\"info\"]\n", "log.level"},
      {"[log]\nlevel = \"loud\"\n", "log.level"},
      {"[log]\nformat = \"xml\"\n", "log.format"},
      {"[listen]\npeers = \"nowhere\"\n", "listen.peers"},
      {"[peers]\nconnect = [\"a:1\", \"b:99999\"]\n", "peers.connect"},
      {"level = \"info\"\n", "level"},
  };
  for (const auto& [text, key] : cases) {
    const auto result = load_config(write(text), {}, no_environment);
    ASSERT_FALSE(result) << text;
    EXPECT_NE(result.error().message.find(key), std::string::npos) << result.error().message;
  }
}

TEST_F(ConfigFile, TextThatIsNotTomlNamesTheLine) {
  const auto result = load_config(write("[log]\nlevel = \n"), {}, no_environment);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kMalformed);
}

TEST_F(ConfigFile, AMissingFileIsAnError) {
  const auto result = load_config(folder_ / "none.toml", {}, no_environment);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kNotFound);
}

TEST_F(ConfigFile, TheWrittenTemplateReadsBack) {
  Config config;
  config.data_dir = "/var/lib/usance";
  config.genesis = "/etc/usance/genesis.json";
  config.consensus_key = config.next_consensus_key = config.reporter_key = "/etc/c";
  config.tls_key = config.tls_certificate = config.log_file = "/etc/k";
  config.peers = {"127.0.0.1:7101", "[::1]:7102"};
  config.stream_window = 17;
  const std::string text = write_config(config);
  EXPECT_EQ(load_config(write(text), {}, no_environment).value(), config);
  EXPECT_NE(text.find("\nstream_window = 17\n"), std::string::npos) << "a number has no quotes";
}

TEST(ConfigOptions, LoggingAndRatesAreTakenUpByAReload) {
  std::vector<std::string> keys;
  for (const ConfigOption& option : config_options())
    if (option.reloads) keys.push_back(option.key);
  EXPECT_EQ(keys, (std::vector<std::string>{"log.level", "log.format", "log.file",
                                            "limits.org_queries_per_second",
                                            "limits.org_submissions_per_second"}));
}

TEST(Endpoint, ParsesHostsAndPorts) {
  EXPECT_EQ(parse_endpoint("127.0.0.1:80").value().port, 80);
  EXPECT_EQ(parse_endpoint("[::1]:80").value().host, "[::1]");
  for (const char* bad : {"", ":80", "a", "a:", "a:x", "a:70000", "::1:80", "a:80 "})
    EXPECT_FALSE(parse_endpoint(bad)) << bad;
}

}  // namespace
}  // namespace usance::node
