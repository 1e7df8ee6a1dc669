#include "tools/usance/credentials.h"

#include <algorithm>

#include "node/x509.h"
#include "tools/render/calendar.h"

namespace usance::cli {

namespace {

tl::unexpected<Failure> wrong(const Path& file, const std::string& what) {
  return stop(ExitCode::kUsage, file.string() + ": " + what);
}

}  // namespace

Outcome<Credentials> read_credentials(const Profile& profile, const Genesis& genesis,
                                      std::int64_t now_ms) {
  const Path certificate = profile.path_of(profile.certificate);
  const Path key = profile.path_of(profile.certificate_key);
  Credentials out;
  CLI_ASSIGN(out.certificate_pem, read_file(certificate));
  CLI_ASSIGN(out.key_pem, read_file(key));
  if (!profile.authority.empty()) {
    const Path authority = profile.path_of(profile.authority);
    CLI_ASSIGN(const std::string pem, read_file(authority));
    const auto usable = x509::normalised_authority(pem);
    if (!usable) return wrong(authority, usable.error().message);
    out.authority_pem = *usable;
  }
  const auto info = x509::inspect(out.certificate_pem);
  if (!info) return wrong(certificate, info.error().message);
  if (const auto matches = x509::verify_key_matches(out.key_pem, out.certificate_pem); !matches)
    return wrong(key, matches.error().message);
  const auto time = [](TimeMs at) {
    return render::format_time(static_cast<std::int64_t>(at.value));
  };
  const auto now = static_cast<std::uint64_t>(now_ms);
  if (now < info->not_before.value)
    return wrong(certificate,
                 "valid from " + time(info->not_before) + " only; is this machine's clock right?");
  if (now > info->not_after.value)
    return wrong(certificate, "expired at " + time(info->not_after) +
                                  "; a new one: usance cert renew --home MEMBER");
  if (info->subject.org != profile.org)
    return wrong(certificate, "of the organisation " + info->subject.org.value +
                                  ", while the profile " + profile.name + " is of " +
                                  profile.org.value);
  const auto org =
      std::find_if(genesis.organisations.begin(), genesis.organisations.end(),
                   [&](const GenesisOrganisation& one) { return one.id == profile.org; });
  if (org != genesis.organisations.end() &&
      !x509::verify_issued_by(out.certificate_pem, org->ca_certificate))
    out.doubt = certificate.string() + " is of another network: the authority of " +
                profile.org.value + " in " + profile.path_of(profile.genesis).string() +
                " did not issue it";
  return out;
}

}  // namespace usance::cli
