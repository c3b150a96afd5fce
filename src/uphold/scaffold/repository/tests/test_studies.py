"""Every study found keeps what every study promises."""

from uphold.scaffold.contract import *
