// SPDX-License-Identifier: Apache-2.0
#include "neo4j/bolt/handshake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

#include "unit/neo4j/packstream/hex.hpp"

namespace core_lib::neo4j::bolt {
namespace {

using testing::HasSubstr;

/// Feeds the server's bytes as they are asked for.
Handshake shake(const std::string& hex) {
  const std::vector<std::byte> bytes = from_hex(hex);
  Handshake handshake;
  std::span<const std::byte> left = bytes;
  while (!handshake.done()) {
    EXPECT_LE(handshake.wanted(), left.size()) << hex;
    const std::size_t count = std::min(handshake.wanted(), left.size());
    handshake.receive(left.first(count));
    left = left.subspan(count);
  }
  EXPECT_TRUE(left.empty()) << "bytes that belong to Bolt were read: " << hex;
  return handshake;
}

std::string refusal(const std::string& hex) {
  try {
    (void)shake(hex);
  } catch (const Error& error) {
    EXPECT_TRUE(error.breaks_connection());
    EXPECT_FALSE(error.is_retryable());
    return error.what();
  }
  return "nothing was refused";
}

TEST(HandshakeTest, OffersTheManifestThenFiveThenFourFour) {
  EXPECT_EQ(to_hex(Handshake::request()),
            "6060B017"
            "000001FF"
            "00080805"
            "00000404"
            "00000000");
}

TEST(HandshakeTest, AnOfferedVersionIsTaken) {
  EXPECT_EQ(shake("00000404").version(), (Version{4, 4}));
  EXPECT_EQ(shake("00000805").version(), (Version{5, 8}));
  EXPECT_TRUE(shake("00000005").reply().empty());
}

TEST(HandshakeTest, TheHighestCommonVersionOfAManifestIsTaken) {
  const Handshake handshake = shake(
      "000001FF"
      "03"
      "00000404"
      "00080805"
      "00000006"
      "00");
  EXPECT_EQ(handshake.version(), (Version{6, 0}));
  EXPECT_EQ(to_hex(handshake.reply()), "0000000600");
}

TEST(HandshakeTest, AManifestMayListUnknownVersionsInAnyOrder) {
  EXPECT_EQ(shake("000001FF"
                  "03"
                  "000000F2"
                  "00FFFF05"
                  "00020404"
                  "8001")
                .version(),
            (Version{5, 8}));
  EXPECT_EQ(shake("000001FF"
                  "02"
                  "00000404"
                  "00010105"
                  "00")
                .version(),
            (Version{5, 1}));
}

TEST(HandshakeTest, RefusalsSayWhatIsThere) {
  EXPECT_THAT(refusal("48545450"), HasSubstr("port for HTTP"));
  EXPECT_THAT(refusal("00000000"), HasSubstr("speaks none of 4.4, 5.0 to 5.8 and 6.0"));
  EXPECT_THAT(refusal("00000304"), HasSubstr("something else than one of the versions"));
  EXPECT_THAT(refusal("00000505"), HasSubstr("something else than one of the versions"));
  EXPECT_THAT(refusal("DEADBEEF"), HasSubstr("something else than one of the versions"));
  EXPECT_THAT(refusal("000001FF"
                      "00"),
              HasSubstr("makes no sense"));
  EXPECT_THAT(refusal("000001FF"
                      "FFFF7F"),
              HasSubstr("makes no sense"));
  EXPECT_THAT(refusal("000001FF"
                      "FFFFFFFFFFFFFFFFFFFFFF"),
              HasSubstr("number that is too long"));
  EXPECT_THAT(refusal("000001FF"
                      "01"
                      "00000303"),
              HasSubstr("lists none of"));
  EXPECT_THAT(refusal("000001FF"
                      "01"
                      "00000505"),
              HasSubstr("lists none of"))
      << "5.5 was withdrawn";
}

}  // namespace
}  // namespace core_lib::neo4j::bolt
