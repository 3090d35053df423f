"""What a library leans on: retracted, corrected and doubted studies, and what stands on nothing."""
