"""What whoever runs a server looks at: its health, its figures, who asked for what."""
