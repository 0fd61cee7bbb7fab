// How often this program asked for memory by operator new.
#pragma once

int allocation_count();
