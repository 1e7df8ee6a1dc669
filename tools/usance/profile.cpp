#include "tools/usance/profile.h"

#include <algorithm>
#include <sstream>
#include <toml.hpp>

#include "tools/render/suggest.h"

namespace usance::cli {

namespace {

const std::vector<std::string> kKeys = {
    "organisation", "user",    "key",   "certificate", "certificate_key",
    "authority",    "genesis", "nodes", "admin"};

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

Profile parse(const toml::value& file) {
  Profile profile;
  profile.org = OrgId(toml::find_or<std::string>(file, "organisation", ""));
  profile.user = toml::find_or<std::string>(file, "user", "");
  profile.key = toml::find_or<std::string>(file, "key", "");
  profile.certificate = toml::find_or<std::string>(file, "certificate", "");
  profile.certificate_key = toml::find_or<std::string>(file, "certificate_key", "");
  profile.authority = toml::find_or<std::string>(file, "authority", "");
  profile.genesis = toml::find_or<std::string>(file, "genesis", "genesis.json");
  profile.nodes = toml::find_or<std::vector<std::string>>(file, "nodes", {});
  profile.admin = toml::find_or<std::string>(file, "admin", "");
  return profile;
}

}  // namespace

Path profile_path(const Path& home, const std::string& name) {
  return home / "profiles" / (name + ".toml");
}

std::vector<std::string> list_profiles(const Path& home) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(home / "profiles", error))
    if (entry.path().extension() == ".toml") out.push_back(entry.path().stem().string());
  std::sort(out.begin(), out.end());
  return out;
}

Result<Profile> load_profile(const Path& home, const std::string& name) {
  const Path path = profile_path(home, name);
  const std::vector<std::string> known = list_profiles(home);
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    if (known.empty())
      return fail(
          ErrorCode::kNotFound,
          home.string() + " holds no profiles: name the home of a network or a member with --home");
    std::string names;
    for (const std::string& one : known) names += "\n  " + one;
    return fail(ErrorCode::kNotFound, "no profile '" + name + "' in " + home.string() +
                                          render::did_you_mean(name, known) +
                                          "\nthere are:" + names);
  }
  USANCE_ASSIGN(const std::string text, read_file(path));
  try {
    std::istringstream in(text);
    const toml::value file = toml::parse(in, path.string());
    for (const auto& [key, value] : file.as_table())
      if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end())
        return fail(ErrorCode::kMalformed, path.string() + ": unknown key '" + key + "'" +
                                               render::did_you_mean(key, kKeys));
    Profile profile = parse(file);
    profile.name = name;
    profile.home = home;
    return profile;
  } catch (const std::exception& error) {
    return fail(ErrorCode::kMalformed, path.string() + ": " + error.what());
  }
}

Result<void> save_profile(const Profile& profile) {
  std::string nodes;
  for (const std::string& node : profile.nodes) nodes += (nodes.empty() ? "" : ", ") + quoted(node);
  const std::string text =
      "# Who acts on the network, and through which nodes. Paths are relative to the home.\n"
      "organisation = " +
      quoted(profile.org.value) +
      "\n"
      "user = " +
      quoted(profile.user) +
      "\n"
      "key = " +
      quoted(profile.key.string()) +
      "                          # signs transactions\n"
      "certificate = " +
      quoted(profile.certificate.string()) +
      "\n"
      "certificate_key = " +
      quoted(profile.certificate_key.string()) +
      "\n"
      "authority = " +
      quoted(profile.authority.string()) +
      "\n"
      "genesis = " +
      quoted(profile.genesis.string()) +
      "\n"
      "nodes = [" +
      nodes +
      "]   # tried in this order\n"
      "admin = " +
      quoted(profile.admin) + "   # the own node's operator port, for admins\n";
  USANCE_TRY(make_folder(profile.home / "profiles"));
  return write_file(profile_path(profile.home, profile.name), text);
}

Result<Genesis> load_genesis(const Path& file) {
  USANCE_ASSIGN(const std::string text, read_file(file));
  Result<Genesis> genesis = parse_genesis(text);
  if (!genesis) return fail_with(file.string(), genesis.error());
  return genesis;
}

}  // namespace usance::cli
