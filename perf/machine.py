"""What a table of measurements says of the machine it was measured on."""
import os
import platform


def cpu_model():
    with open("/proc/cpuinfo") as f:
        return next((line.split(":", 1)[1].strip() for line in f if line.startswith("model name")), "unknown")


def describe():
    return f"{cpu_model()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"
