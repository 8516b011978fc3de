// Quantised activations: the vector code against the plain loops, bit for bit.

#include "engine/kernels/activations.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "engine/kernels/catalogue.h"
#include "engine/kernels/random_weights.h"
#include "engine/kernels/scalar/activations.h"

namespace melete::engine::kernels::testing {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

class QuantizedActivations : public ::testing::TestWithParam<ActivationKind> {
 protected:
  Quantize reference() const {
    return GetParam() == ActivationKind::Blocks32 ? scalar::quantize_32 : scalar::quantize_256;
  }

  // A block by the reference and by this machine's own quantiser.
  void expect_equal(const std::vector<float>& values) const {
    std::vector<std::byte> expected(activation_bytes(GetParam()));
    std::vector<std::byte> actual(expected.size());
    reference()(values.data(), expected.data());
    quantizer_for(GetParam())(values.data(), actual.data());
    EXPECT_EQ(std::memcmp(expected.data(), actual.data(), expected.size()), 0);
  }

  std::vector<float> values(unsigned seed) const {
    return random_values(activation_block(GetParam()), seed);
  }
};
INSTANTIATE_TEST_SUITE_P(Kinds, QuantizedActivations,
                         ::testing::Values(ActivationKind::Blocks32, ActivationKind::Blocks256));

TEST_P(QuantizedActivations, AreTheReferenceBitForBit) {
  for (unsigned seed = 0; seed < 200; seed++) expect_equal(values(seed));
}

TEST_P(QuantizedActivations, MayBeZeroTinyOrHuge) {
  for (const float factor : {0.0f, 1e-45f, 1e-38f, 1e-30f, 1e30f, 3e38f}) {
    std::vector<float> scaled = values(7);
    for (float& value : scaled) value = std::clamp(value, -1.0f, 1.0f) * factor;
    expect_equal(scaled);
  }
}

TEST_P(QuantizedActivations, GetScaleNanFromOneBadValue) {
  for (const float bad : {kNan, -kNan, kInfinity, -kInfinity}) {
    std::vector<float> values = this->values(3);
    values[17] = bad;
    std::vector<std::byte> block(activation_bytes(GetParam()));
    quantizer_for(GetParam())(values.data(), block.data());
    if (GetParam() == ActivationKind::Blocks32) {
      EXPECT_TRUE(std::isnan(reinterpret_cast<const Activations32*>(block.data())->scale));
    } else {
      EXPECT_TRUE(std::isnan(reinterpret_cast<const Activations256*>(block.data())->scale));
    }
  }
}

}  // namespace
}  // namespace melete::engine::kernels::testing
