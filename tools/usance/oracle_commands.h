// usance oracle: what an oracle reports, from the messages of carriers and sensors, and what it,
// its devices and their makers sign off the ledger. usance undertaking: what an attestor signs
// there.
#pragma once

#include <cstdint>
#include <string>

#include "tools/usance/context.h"

namespace usance::cli {

void add_oracle_commands(CLI::App& app, Context& context);
void add_undertaking_commands(CLI::App& app, Context& context);

// Verbs of the noun oracle, each in the file of its name.
void add_oracle_devices(CLI::App& noun, Context& context);
void add_oracle_reports(CLI::App& noun, Context& context);

// The organisation given, or the profile's: who signs or commits. The flag is for the message.
[[nodiscard]] Outcome<std::string> organisation_or_own(const Context& context,
                                                       const std::string& given, const char* flag);
// What --value says, in units of the feed's last decimal.
[[nodiscard]] Outcome<std::int64_t> value_in_units(const std::string& value, unsigned decimals);
// The instant that a flag names, in milliseconds; without one the time of this machine.
[[nodiscard]] Outcome<std::int64_t> instant_or_now(const char* flag, const std::string& given);
// The arguments of a contract's method: as they are, for a file that --arguments or a flag takes
// with
// @; for programs with the method's name around them.
void print_arguments(const Context& context, const char* method, const Json& arguments);

}  // namespace usance::cli
