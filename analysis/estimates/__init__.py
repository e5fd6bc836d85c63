"""From runs to estimates with their uncertainty: contrasts over seeds, the frontier of policies, rival explanations."""
