"""Case files in: any CSV, XLSX or Parquet file through a mapping to the CASES table.

``read`` takes the columns a mapping names, as delivered, with their row numbers;
``clean`` and, for several files, ``clean_all`` turn them into :data:`geo.model.CASES`
with findings and notes. A row's
defect makes that value unknown and is a finding: a rule, a count and row numbers,
never a case's value. :mod:`geo.rules` says which findings stop a build.

====================  ====================================================
``files``             bytes of a CSV, XLSX or Parquet file to text columns
``shape``             text columns to canonical columns, through the mapping
``dates``             texts of dates to periods
``clean``             canonical columns to CASES
====================  ====================================================
"""

from geo.ingest.clean import Cleaned, clean, clean_all
from geo.ingest.files import Raw, read
from geo.mapping import Mapping, canonical, mapping, names

__all__ = [
    "Cleaned",
    "Mapping",
    "Raw",
    "canonical",
    "clean",
    "clean_all",
    "mapping",
    "names",
    "read",
]
