"""The public register for programs: JSON, read only, the same for everybody; docs/decisions/api.md.

`middleware` answers for every address below `ROOT` (no cookies, how often, from where, ETag, problems), `asking` says
what may be asked, `shapes` what is answered, `resources` answers, `description` describes all of it (OpenAPI).
"""

ROOT = "/members/api/v1/"
VERSION = "1.0"
