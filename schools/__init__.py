"""Who exists: offices, districts, schools, students and teams."""
