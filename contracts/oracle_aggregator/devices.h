// Devices: who vouches for them, and whether a reading is theirs, new, in time and whole.
#pragma once

#include "oracle_aggregator/feeds.h"

namespace usance::oracle_aggregator::v1 {

void register_manufacturer(sdk::Context& ctx, const RegisterManufacturerRequest& request);
void register_device(sdk::Context& ctx, const RegisterDeviceRequest& request);
void calibrate(sdk::Context& ctx, const CalibrateRequest& request);
[[nodiscard]] Device load_device(sdk::Context& ctx, const std::string& oracle,
                                 const std::string& serial);  // DEVICE_UNKNOWN

// Takes the reading as the device's newest and notes what is missing before it. False when the
// device says that it was tampered with: then nothing it says counts until it is calibrated again.
bool take_reading(sdk::Context& ctx, const Feed& feed, const SubmitReadingRequest& request);
// Of the same reading and the round that it is for. READING_OUT_OF_TIME.
void require_in_time(sdk::Context& ctx, const Round& round, const DeviceReading& reading);
// Two different readings under one counter. NO_EQUIVOCATION. Returns the device's feed.
[[nodiscard]] std::string prove_equivocation(sdk::Context& ctx, const EquivocationRequest& request);
void backfill(sdk::Context& ctx, const BackfillRequest& request);

}  // namespace usance::oracle_aggregator::v1
