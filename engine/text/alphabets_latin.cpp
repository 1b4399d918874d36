// The default alphabet, its extension table, and the Turkish, Spanish and Portuguese tables
// (3GPP TS 23.038, 6.2.1, 6.2.1.1, A.2.1-A.2.3, A.3.1, A.3.3), rows of sixteen septets.
#include "engine/text/alphabet_notation.hpp"
#include "engine/text/alphabet_tables.hpp"

namespace signalbox::text {

// clang-format off

constexpr characters default_characters = table(
    "0040 00A3 0024 00A5 00E8 00E9 00F9 00EC 00F2 00C7 000A 00D8 00F8 000D 00C5 00E5 "
    "0394 005F 03A6 0393 039B 03A9 03A0 03A8 03A3 0398 039E ESC  00C6 00E6 00DF 00C9 "
    "0020 0021 0022 0023 00A4 0025 0026 0027 0028 0029 002A 002B 002C 002D 002E 002F "
    "0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003A 003B 003C 003D 003E 003F "
    "00A1 0041 0042 0043 0044 0045 0046 0047 0048 0049 004A 004B 004C 004D 004E 004F "
    "0050 0051 0052 0053 0054 0055 0056 0057 0058 0059 005A 00C4 00D6 00D1 00DC 00A7 "
    "00BF 0061 0062 0063 0064 0065 0066 0067 0068 0069 006A 006B 006C 006D 006E 006F "
    "0070 0071 0072 0073 0074 0075 0076 0077 0078 0079 007A 00E4 00F6 00F1 00FC 00E0");
constexpr alphabet default_locking = alphabet_maker::locking(default_characters);

constexpr alphabet turkish_locking = alphabet_maker::locking(with(default_characters,
    "04:20AC 07:0131 0B:011E 0C:011F 1C:015E 1D:015F 40:0130 60:00E7"));

constexpr alphabet portuguese_locking = alphabet_maker::locking(with(default_characters,
    "04:00EA 06:00FA 07:00ED 08:00F3 09:00E7 0B:00D4 0C:00F4 0E:00C1 0F:00E1 12:00AA 13:00C7 14:00C0 "
    "15:221E 16:005E 17:005C 18:20AC 19:00D3 1A:007C 1C:00C2 1D:00E2 1E:00CA 24:00BA 40:00CD 5B:00C3 "
    "5C:00D5 5D:00DA 60:007E 7B:00E3 7C:00F5 7D:0060"));

constexpr characters default_extension = with({},
    "0A:000C 0D:000D 14:005E 28:007B 29:007D 2F:005C 3C:005B 3D:007E 3E:005D 40:007C 65:20AC");
constexpr alphabet default_single = alphabet_maker::single(default_extension);

constexpr alphabet turkish_single = alphabet_maker::single(with(default_extension,
    "47:011E 49:0130 53:015E 63:00E7 67:011F 69:0131 73:015F"));

constexpr alphabet spanish_single = alphabet_maker::single(with(default_extension,
    "09:00E7 41:00C1 49:00CD 4F:00D3 55:00DA 61:00E1 69:00ED 6F:00F3 75:00FA"));

constexpr alphabet portuguese_single = alphabet_maker::single(with(default_extension,
    "05:00EA 09:00E7 0B:00D4 0C:00F4 0E:00C1 0F:00E1 12:03A6 13:0393 15:03A9 16:03A0 17:03A8 18:03A3 "
    "19:0398 1F:00CA 41:00C0 49:00CD 4F:00D3 55:00DA 5B:00C3 5C:00D5 61:00C2 69:00ED 6F:00F3 75:00FA "
    "7B:00E3 7C:00F5 7F:00E2"));

// clang-format on

}  // namespace signalbox::text
