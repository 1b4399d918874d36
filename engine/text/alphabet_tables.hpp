// Each alphabet by name, between the files that write them and alphabets.cpp that hands them out by language.
#pragma once

#include "engine/text/alphabets.hpp"

namespace signalbox::text {

extern alphabet const default_locking, turkish_locking, portuguese_locking, bengali_locking, gujarati_locking,
    hindi_locking, kannada_locking, malayalam_locking, oriya_locking, punjabi_locking, tamil_locking, telugu_locking,
    urdu_locking;
extern alphabet const default_single, turkish_single, spanish_single, portuguese_single, bengali_single,
    gujarati_single, hindi_single, kannada_single, malayalam_single, oriya_single, punjabi_single, tamil_single,
    telugu_single, urdu_single;

}  // namespace signalbox::text
