"""The schema, in one place for whoever needs all of it (migrations) and by noun for everyone else."""

from data.models.base import SRID, Base
from data.models.cases import CaseEvent, CaseFile, Category, DispatchRun, GroundRevision, Incident
from data.models.ground import Area, Cell, CellCode, Facility, FacilityServes, Landmark, Residence, Unit
from data.models.network import ImportRun, ServiceArea, ServiceBuild, ServiceCoverage, StreetEdge, StreetNode
from data.models.people import Assignment, Leave, Worker
from data.models.standards import CheckRun, Finding, Parameter, Standard, StandardLimit

__all__ = [
    "SRID",
    "Area",
    "Assignment",
    "Base",
    "CaseEvent",
    "CaseFile",
    "Category",
    "Cell",
    "CellCode",
    "CheckRun",
    "DispatchRun",
    "Facility",
    "FacilityServes",
    "Finding",
    "GroundRevision",
    "ImportRun",
    "Incident",
    "Landmark",
    "Leave",
    "Parameter",
    "Residence",
    "ServiceArea",
    "ServiceBuild",
    "ServiceCoverage",
    "Standard",
    "StandardLimit",
    "StreetEdge",
    "StreetNode",
    "Unit",
    "Worker",
]
