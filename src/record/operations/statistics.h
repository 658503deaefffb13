// Statistics of the values of observations.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::record {

// The codes of http://terminology.hl7.org/CodeSystem/observation-statistics that are computed here.
bool is_statistic(std::string_view code);
// Whether it has no unit, whatever the values have.
bool is_plain_number(std::string_view code);
// Of the values, which need not be sorted; nothing where it is not defined for so few. Percentiles and
// quartiles by linear interpolation between order statistics (R. J. Hyndman, Y. Fan: Sample Quantiles in
// Statistical Packages. The American Statistician 50 (1996), definition 7); variance and standard deviation
// of a sample (n - 1). 4-dev is half the distance between the quartiles. Skewness g1 and kurtosis b2 by the
// moments, the latter 3 for normal values (D. N. Joanes, C. A. Gill: Comparing measures of sample skewness
// and kurtosis. The Statistician 47 (1998)).
std::optional<double> statistic(std::string_view code, std::vector<double> values);

}  // namespace meridian::record
