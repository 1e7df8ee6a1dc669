// What the operation bodies need.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <iterator>
#include <limits>
#include <type_traits>

#include "contracts/vm/float_rules.h"
#include "contracts/vm/gas.h"
#include "contracts/vm/interpreter.h"
