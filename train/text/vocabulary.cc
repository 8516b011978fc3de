#include "text/vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace melete::train {

namespace {

constexpr std::array kMarks = {kEndOfText,    kTurnStart,  kTurnEnd,    kPadding,
                               kPictureStart, kPictureEnd, kSoundStart, kSoundEnd};

// Reasoning is shown, so its tags are text.
constexpr std::array<std::string_view, 2> kTags = {"<think>", "</think>"};

constexpr std::array<std::string_view, 145> kWords = {
    "Answer: ",  "user\n",   "assistant\n", "system\n", "\n\n",      " the",     " of",
    " is",       " and",     " to",         " in",      " a",        " what",    " which",
    " how",      " many",    " are",        " there",   " picture",  " shapes",  " shape",
    " circle",   " square",  " triangle",   " star",    " red",      " green",   " blue",
    " yellow",   " purple",  " orange",     " black",   " white",    " grey",    " bar",
    " value",    " tallest", " label",      " larger",  " than",     " total",   " sum",
    " number",   " numbers", " digit",      " digits",  " spoken",   " written", " hear",
    " see",      " find",    " using",      " with",    " from",     " mod",     " times",
    " plus",     " minus",   " equals",     " path",    " steps",    " maze",    " wall",
    " start",    " goal",    " left",       " right",   " up",       " down",    " row",
    " column",   " each",    " once",       " exactly", " make",     " check",   " carry",
    " so",       " then",    " that",       " this",    " it",       " for",     " on",
    " not",      " no",      " yes",        " you",     " I",        " am",      " my",
    " me",       " your",    " can",        " do",      " have",     " be",      " or",
    " all",      " one",     " result",     " answer",  " small",    " model",   " Melete",
    " help",     " image",   " sound",      " think",   " first",    " next",    " last",
    " shortest", " modulo",  " multiply",   " add",     " subtract", " divide",  " by",
    "What",      "Which",    "How",         "The",      "There",     "It",       "Find",
    "ing",       "ed",       "er",          "es",       "tion",      "th",       "an",
    "in",        "re",       "on",          "at",       "ou",        "st",       "le",
    "or",        "ar",       "al",          "ly",       " =",
};

std::vector<VocabularyEntry> make_vocabulary() {
  std::vector<VocabularyEntry> entries;
  for (const std::string_view mark : kMarks)
    entries.push_back({std::string(mark), TokenKind::Mark});
  for (const std::string_view tag : kTags) entries.push_back({.text = std::string(tag)});
  for (int byte = 0; byte < 256; ++byte) {
    entries.push_back({.text = std::string(1, static_cast<char>(byte))});
  }
  for (int units = 0; units <= kPictureUnits; units += kCoordinateStep) {
    entries.push_back({.text = coordinate(units)});
  }
  for (const std::string_view word : kWords) entries.push_back({.text = std::string(word)});
  return entries;
}

}  // namespace

std::string coordinate(double units) {
  const double steps = std::round(units / kCoordinateStep) * kCoordinateStep;
  return fmt::format("@{}", static_cast<int>(std::clamp(steps, 0.0, double{kPictureUnits})));
}

const std::vector<VocabularyEntry>& vocabulary() {
  static const std::vector<VocabularyEntry> entries = make_vocabulary();
  return entries;
}

}  // namespace melete::train
