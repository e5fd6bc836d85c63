"""What an observer notes of each hour. Measures read every drawer and change none."""
