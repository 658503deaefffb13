// Ownership of what a C library allocates: std::unique_ptr<BIO, Freed<BIO_free_all>>.
#pragma once

namespace meridian {

template <auto free_function>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};

}  // namespace meridian
