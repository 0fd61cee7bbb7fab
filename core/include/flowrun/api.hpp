// What of libflowrun is visible to a host.
#pragma once
#define FLOWRUN_API __attribute__((visibility("default")))
