"""What a researcher types and reads in Python: scenarios by name, results with tidy frames, figures and estimates."""

import warnings

# Mesa imports progress bars that nothing here uses; they warn where a notebook has no widgets.
warnings.filterwarnings("ignore", message="IProgress not found")
