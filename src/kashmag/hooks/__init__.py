"""What integrators may override: hook specifications, kashmag's own rules, the typed facade."""
